"""Two workbooks of the old kind (.xls), which none of our libraries writes; packed, as text."""

import base64
import zlib

# A table with numbers, text, a date, a truth and a formula.
TABLE = zlib.decompress(
    base64.b64decode(
        "eNrtWGtsVEUUPnPv3e3d7WO3hQoW2q4I9N2UELU+oAsFAcGW0CoKjbC021LZdpu2xD6oLlYSQkqs4Yf+IDEkJTGaoG"
        "iiiZrYJv7gh0b/EB/RpJCYaPDHajSEaLt+c+7c7bbZJt2CJmpne+7MnHmcM+c1Z/rlF9mTFy7nXaM55WHSaTrmImcC"
        "TgBcdsdLpCncdCwWs9GxpfKvKlOqljo0oD8HQOo8DWAq3bpVvVT+e2UfhfHrJR9tp07U3dRPqZS7YDGJ+y1kzfQC5y"
        "20LNFfPH0Zv2Uc1wHJ/F/Ge+n/6YAMQCYgC+CxrgDKBuQAlgGWA3LZJohWAFYC7gbkAVYBVgPyAQWAQoAPcI/i515V"
        "S1iPdhGgWOFKUZctxaC/pbhMaNHpoI8yP5MqZ91fg0W8Y0ywXVwHNFGXtI3aQKjZ90+VrcxDQEgexmGkm9ASdB7YLH"
        "qbsR/zdxNbH4qffNXKop/S/Mz7Wf6u4W8WyfUf8JpvGbMBdvgdW/koO4GgNFFLAQpROx1BHGzHjDy6Iv3rBZ4hvUNs"
        "4RE56/ZGq2bRhi+JOo7DYXhFA+Z0Ug9atfQY7WZMLRUYGTQm/XJHsDPYHQgVGNl0UfpkP0pTRUdHU0VLyyQ74Rj9Hv"
        "MlOPy4T+IlJcb/tjC8liKe/nf4McgumZzLrPnRufiSefDl8+BL58G7kuIdNj/mXD4vWngj2fxiK04r/DkNkyIUk7U3"
        "onOdHXFynRMxuF4WSeN6ecQRO8wOdQpXwZC8OcgQ9x3fe/DS6OXBEZAT+E0IE0DUeFbQDTogL47oPqbmjDJhY+YhkQ"
        "gbKT0qXfsTHMekkwIXkTku/Pj6qeAXr3UVmTB/E1eNeRMe9CcN81Xl5k3FUGNm48vP3GxAc3P/Qw2ZjdH+NBKNkT9O"
        "fFhnM4mY8EOwsA18Fj6HeScGmwb3n24Yxc4Bf7Av0NEVClaGu9s0cmmUH9vA96Owts97es9pN43UYU8fhLu2Tn4HBn"
        "wUAwNu+sqw7stmMxcwYyK5qtYkl1bw9c4KvhmQRgukJMNVNkvGi/NX1K6+cf3+vJpDjI/MqJjWSY1RuTiJkQmjlFeU"
        "8fdFnmtfysOMe4m/6+Prf6wpSmgXx9vRmpKE9gUEURe4ItaoBmrlYmWGc3ji8GSNXQt6AiMmDfGxSZwxPeqkWaTUbK"
        "cVmtcKiNjHitgexokkOJ3XzOCmWLu2GK2eQE/Eexp6Wryno6fHewZ6ko/nIX3BScybDmtM8C4OsnsaxpzxmTpSmnc/"
        "1YBZiZ6BMcHr7TQKxiHkOp05S1O76JizgqVo9SRnLrWnjp+Hdh/M4D11tSfN3hNj+RhzksdWtp+UFAuE/NN/pr3SVK"
        "I7LTOJmsp55Ck9pEer+JBGtJjxrqg3STaokZvXyTVSAJu1HHrfaVN7hNUu8zYPH88mgNIGz2szEzcSdgbqXnDuKpDV"
        "6W4rh/WamhWGrKFHZc74eHtzd7gn3Nrr297XHAz5HnygojFwJBgKBVk/W9tbW6tvJ3cWVvRZdJmOEZtLkn1p8tTrv9"
        "6qP+p96xWTyore+0Zq4zXlBELJV5rjTpVnNynJHVX5dq/KuSMq7x5RufpPU1YOLdeEu4KdXf19IVJ5tRyvmrGURKuZ"
        "aWft+PrQwPcisX2nzy8x2tXPr56vXOU99yrOX37r0jbp4HNwTeqdYId9b8IZ96h3Cam3ghyvVuP+hLeLlNWWrq4ng9"
        "097eHO2TKS8t1YuYGWSvJyJ9//rL85PpxsDes03WrvB/VuOoaMW/JxLGX+c6BtTek5lsK7+oBp+2kt6HbghVMPHp5d"
        "FH094Q2+kDVrALvicaIe74HgovXnBv1U3/9r1VvduoQb6DjO34E3h9T9LlhBK+tEYnrxXgkDM38pVvQdKch/HeBKnP"
        "42UGhmHoJsganxU72I85cA3lj6/w+XvwAKJTI6"
    )
)
# A cell at A1 and one at IV65536.
FAR_CELL = zlib.decompress(
    base64.b64decode(
        "eNrtV19sU2UUP99t192Wsd0NprjBqCTK2AqBkOiM4goDhUQzgvNPzBJXyh2rlLUpNQET9SLyYiDR8KAPJIZkDyYmKj"
        "HRBzWubzxA8IUHjSaDJw0+XI3G8MDq75z73XFX16QtqFF7mvOd2/P9Od93/n3n+/py59y58z1XqQIephDNl6MUCfAU"
        "0PT/WESG5s2Xy2WfXW7Cvwpuaso2DMN+LUC2eau2a1TTJvw3YR/l8CtSnHbRNGiBjlE9cBc8JrheLXPmaxxXKzTlNy"
        "6f8zfn8RCwMv4513P8x4DLgG3A5cB2YId3BVAnsAu4ArgS2C0+QXQ3cJWW1aMp4xp89wHXat69oOuaOeYfg6gJK0Za"
        "6PPlF9nkYvur8IiPwyXxi2vAccqzb4yksun43wU7ZA8pxXuYhZNuw5eis+C200fC/ULabeJ9gCTFh7RHP2ckZe+npV"
        "0nbTvx/M9kzrfC2QI//E68/C0JAkWtaoRSlKUM7UcezGBED13g+HpNRnB0qO3Sw6Nup7cv3EYzHGOP29N2IZWdk9iZ"
        "od/K8UCczsaZz9OF/2ttfKNOPv3v+DPQ3VJ6HvTGu5X8DVX4iSr8gSr86J/4ZwzElUNlppYTEtrpRIR2OWGhK5xWoS"
        "udlvKE+O9JZOGxsPgUPTVl28VTCE+FX0mZQKKx04qu0/OcpN19IiricjLmKPaL9iBupWUuh9FXCAaTjiskfXNWJdEm"
        "qe9ny0v7JtK/ibRu/o7Mnza7KW3eUmG3pgbfFV5OsRbllDYIPoANcRR2yiYsiNo4svr6tQd6hl8QvnPrdUH3sWYooY"
        "6jpxQekBmD0r4uY/275oTw3pD2/oX5PwyvD3z3L3y7wxsC3+eQG6LYFYnyDEhLqFVtkROliblhnyp6Gj0mvSK3H6k3"
        "zQ590vbADcqNaVj6f8KLeNVBr4o++LZkHfAIuXrV4hHM65Bb9ifayzpyd3v6cU1//TCvEXI3y1pht1/4Udda4nY3KC"
        "bzeA7f5o8aXfRpxEuRRI/IeYnW8HqBAwAOwroHzeBCyq8oYlVrCYWbOxTzahDLNDy/9roe60XzZCZdyB3JTRbju46m"
        "7Wz8oQc3jqX229msLSrZkZmcHLqd2kd5Ht0wzLM5lliClTJ38r1fboxOWR+8bdLg+k++Ye2/q2sjpfXJXrpb10njWl"
        "NTul4q6prJ0XXTKV1r/XjTq4F4Ti5vT+ePHc2Srou4f7Ne24fKb+dA6cuJl79Xwe87fX7mGFcuXTm7qdc68w7On7jx"
        "4U7OOBW8cV3n+anECpzxCV1XMsR1/5DuTwZqT9bV9nz+GbtwJJObXqwj1u/WTVuoCX8N3Mn3n9i/IgcsNYd9YlYnmm"
        "chvUCHUHHxPg7Vvf8ueIuh/aRcx7tqIOLH+QjkHkaFO4o9vNiQ/FDgDVbLnHuAexbyzCjqQbth+8Ugv973X69+q+kK"
        "gl7C+Q+jLmXb74EXTIpNmFNEvZoDpzr0a/ktdeh/NfDCgvydkJCWPdjigfXtZ6iB83Muer/5/hf4A5F1FL0="
    )
)

from django.urls import path

from communities import views

app_name = "communities"

urlpatterns = [
    path("", views.home, name="home"),
    path("register/", views.register, name="register"),
    path("register/<int:number>/", views.entry, name="entry"),
    path("register.csv", views.download_csv, name="register_csv"),
    path("register.xlsx", views.download_xlsx, name="register_xlsx"),
    path("communities/<int:pk>/", views.community, name="community"),
    path("portal/communities/", views.mine, name="mine"),
]

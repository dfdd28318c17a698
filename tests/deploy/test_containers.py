"""The image and the services around it: no engine runs where the suite does, so what can be read is read."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its words, continued lines joined, comments left out."""
    text = re.sub(r"^\s*#.*\n", "", CONTAINERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def stage(name: str) -> list[tuple[str, str]]:
    found, current = [], ""
    for word, rest in instructions():
        if word == "FROM":
            current = rest.rpartition(" AS ")[2]
        elif current == name:
            found.append((word, rest))
    return found


def installed(name: str) -> set[str]:
    (line,) = [rest for word, rest in stage(name) if word == "RUN" and "apt-get install" in rest]
    packages = line.partition("--no-install-recommends")[2].partition("&&")[0]
    return set(packages.split())


def test_every_instruction_is_one() -> None:
    known = {"ARG", "FROM", "RUN", "WORKDIR", "ENV", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert {word for word, _rest in instructions()} == known


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special() -> None:
    stages = [rest.rpartition(" AS ")[2] for word, rest in instructions() if word == "FROM"]
    assert stages == ["build", "run"]
    order = [word for word, _rest in stage("run")]
    (user,) = [rest for word, rest in stage("run") if word == "USER"]
    assert int(user) > 999
    assert order.index("USER") < order.index("CMD")


def test_fonts_catalogue_and_backup_programs_are_inside_and_no_builder_is() -> None:
    assert installed("run") == {
        "ca-certificates",
        "fonts-noto-cjk",
        "gettext",
        "postgresql-client",
        "python3",
    }
    assert not any("uv" in rest.split() for word, rest in stage("run") if word == "RUN")


def test_what_is_copied_in_exists() -> None:
    copied = [rest.split() for word, rest in stage("build") if word == "COPY"]
    assert copied == [["pyproject.toml", "uv.lock", "./"], [".", "."]]
    assert all((ROOT / name).exists() for name in copied[0][:-1])


def test_nothing_private_enters_the_image() -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split("\n"))
    assert {".git", "var", "tests", "deploy/.env", "deploy/certificates"} <= ignored


def test_the_environment_is_the_locked_one() -> None:
    (sync,) = [rest for word, rest in stage("build") if word == "RUN" and "uv sync" in rest]
    assert {"--locked", "--no-dev"} <= set(sync.split())


@pytest.mark.parametrize("text", [CONTAINERFILE, *(of.get("image", "") for of in SERVICES.values())])
def test_no_foreign_image_is_of_any_day(text) -> None:
    foreign = re.findall(r"docker\.io/\S+", text)
    assert [image for image in foreign if ":" not in image or image.endswith(":latest")] == []


# --- The services ---------------------------------------------------------------------------------------------


def unit(name: str) -> list[str]:
    """The command of a systemd unit, without its interpreter."""
    text = (DEPLOY / f"safe-communities-{name}.service").read_text(encoding="utf-8")
    return shlex.split(re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1])[1:]


def test_all_that_the_platform_needs_is_there() -> None:
    assert set(SERVICES) == OURS | {"database", "broker", "proxy"}
    assert len({SERVICES[name]["image"] for name in OURS}) == 1


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_container_runs_what_a_machine_runs(name) -> None:
    assert SERVICES[name]["command"][1:] == unit(name)


def test_the_image_starts_the_web_server_by_itself() -> None:
    (command,) = [rest for word, rest in stage("run") if word == "CMD"]
    assert json.loads(command) == SERVICES["web"]["command"]
    (health,) = [rest for word, rest in stage("run") if word == "HEALTHCHECK"]
    assert json.loads(health.partition("CMD ")[2]) == SERVICES["web"]["healthcheck"]["test"][1:]


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, of in SERVICES.items() if of.get("ports")} == {"proxy"}
    assert not any(of.get("privileged") or of.get("network_mode") for of in SERVICES.values())


def test_whatever_is_waited_for_exists_and_can_be_well() -> None:
    for of in SERVICES.values():
        for name, how in (of.get("depends_on") or {}).items():
            if how["condition"] == "service_healthy":
                assert "test" in SERVICES[name]["healthcheck"]
            else:
                assert (name, how["condition"]) == ("migrate", "service_completed_successfully")


def test_every_volume_is_declared_and_every_file_exists() -> None:
    mounted = {volume.split(":")[0] for of in SERVICES.values() for volume in of.get("volumes", [])}
    named = {source for source in mounted if not source.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    assert (DEPLOY / "nginx.conf").exists()


def test_our_containers_write_only_where_they_keep_things() -> None:
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_every_variable_stands_in_the_example() -> None:
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    offered = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)) | {"IMAGE"}
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    assert asked - offered == set()


def test_no_secret_stands_in_the_files() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8") + CONTAINERFILE
    assert re.findall(r"(?:PASSWORD|SECRET_KEY)[:=]\s*(?!\$\{)\w+", text) == []


def test_the_proxy_of_the_containers_is_that_of_the_machine_under_other_names() -> None:
    """The very command, with ``sed`` alone: nginx is not here."""
    script = SERVICES["proxy"]["command"][2].partition(" > ")[0]
    script = script.replace("/etc/nginx/platform.conf", str(DEPLOY / "nginx.conf"))
    script = re.sub(r"\$\{SERVER_NAME[^}]*\}", "anquan.example.cn", script)
    written = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert "server_name anquan.example.cn;" in written
    assert "proxy_pass http://web:8000;" in written
    assert "access_log /dev/stdout said;" in written
    assert "error_log /dev/stderr crit;" in written
    assert "platform.example" not in written.replace("# ", "")
    assert written.count("{") == written.count("}")


def test_the_health_command_fails_where_nobody_answers(monkeypatch) -> None:
    command = [sys.executable, *SERVICES["web"]["healthcheck"]["test"][2:]]
    answer = subprocess.run(command, cwd=ROOT, env={"PORT": "1"}, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr.strip()) == (1, "no answer: [Errno 111] Connection refused")

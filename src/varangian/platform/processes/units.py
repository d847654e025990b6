"""systemd units for a machine of a house: one service a part, all under one target."""

from pathlib import Path

from varangian.kernel.results import Conflict

from .parts import PARTS

TARGET = """[Unit]
Description=Varangian on this machine
Wants={wanted}

[Install]
WantedBy=multi-user.target
"""
SERVICE = """[Unit]
Description=Varangian %i
Documentation=file:{docs}
PartOf=varangian.target
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
EnvironmentFile={environment}
Environment=VARANGIAN_HOME={home} VARANGIAN_LINK=0
ExecStart={program} up --only %i
Restart=always
RestartSec=2
TimeoutStopSec=20
KillMode=mixed
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
CapabilityBoundingSet=
ReadWritePaths={home}

[Install]
WantedBy=varangian.target
"""


def texts(*, program: Path, home: Path, user: str, environment: Path) -> dict[str, str]:
    """File names and what stands in them."""
    wanted = " ".join(f"varangian@{part}.service" for part in PARTS)
    service = SERVICE.format(
        program=program,
        home=home,
        user=user,
        environment=environment,
        docs=program.parents[2] / "docs" / "how-to" / "run-on-several-machines.md",
    )
    return {"varangian.target": TARGET.format(wanted=wanted), "varangian@.service": service}


def write(folder: Path, files: dict[str, str]) -> list[Path]:
    """Never over a unit that somebody may have changed."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in files]
    if there := [path for path in paths if path.exists()]:
        raise Conflict(
            "There is already such a unit", where=str(there[0]), mend="Move it away first."
        )
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)
    return paths

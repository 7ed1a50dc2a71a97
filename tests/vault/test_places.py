"""A store is not kept where another computer or a sync program can write to it; anywhere else is as good as it was."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.vault.places import NETWORK, Mount, kind_of, mounts

HOME = Path("/home/ash")
TABLE = [
    Mount("/", "ext4"),
    Mount("/home", "btrfs"),
    Mount("/proc", "proc"),
    Mount("/mnt/council", "cifs"),
    Mount("/mnt/council/local", "ext4"),
    Mount("/net", "autofs"),
    Mount("/net/team", "nfs4"),
    Mount("/media/stick", "vfat"),
    Mount("/over", "nfs"),
    Mount("/over", "ext4"),
    Mount("/run/user/1000/gvfs", "fuse.gvfsd-fuse"),
    Mount("/home/ash/remote", "fuse.sshfs"),
    Mount("/home/ash/gdrive", "fuse.google-drive-ocamlfuse"),
    Mount("/srv/mapped", "ntfs", remote=True),
]


def kind(folder: str | Path, table: list[Mount] = TABLE, environ: Mapping[str, str] | None = None) -> str:
    return kind_of(Path(folder), table, HOME, environ or {})


@pytest.mark.parametrize(
    "folder",
    [
        "/mnt/council/store", "/mnt/council", "/net/team/a/b", "/run/user/1000/gvfs/smb-share:server=x/store",
        "/home/ash/remote/store", "/srv/mapped/store", r"\\server\share\store", "//server/share/store",
    ],
)  # fmt: skip
def test_a_network_drive_is_told_whatever_it_is_called(folder: str) -> None:
    assert kind(folder) == NETWORK


@pytest.mark.parametrize(
    ("folder", "called"),
    [
        ("/home/ash/OneDrive/store", "OneDrive"),
        ("/home/ash/OneDrive - Example Council/Documents/store", "OneDrive"),
        ("/home/ash/onedrive - example council", "OneDrive"),
        ("/home/ash/Dropbox/store", "Dropbox"),
        ("/data/Dropbox (Team)/store", "Dropbox"),
        ("/home/ash/Google Drive/My Drive/store", "Google Drive"),
        ("/home/ash/My Drive/store", "Google Drive"),
        ("/home/ash/gdrive/store", "Google Drive"),
        ("/home/ash/iCloudDrive/store", "iCloud Drive"),
        ("/home/ash/Library/Mobile Documents/com~apple~CloudDocs/store", "iCloud Drive"),
        ("/home/ash/Library/CloudStorage/Something-ash/store", "a cloud service"),
        ("/home/ash/Nextcloud/store", "Nextcloud"),
        ("/home/ash/ownCloud/store", "ownCloud"),
        ("/home/ash/Box/store", "Box"),
        ("/home/ash/pCloudDrive/store", "pCloud"),
        ("/home/ash/MEGA/store", "MEGA"),
    ],
)
def test_a_folder_that_is_synchronised_is_told_by_its_name(folder: str, called: str) -> None:
    assert kind(folder) == called


@pytest.mark.parametrize(
    "folder",
    [
        "/home/ash/.local/share/Chairside/store", "/home/ash/Documents/store", "/mnt/council/local/store",
        "/media/stick/store", "/over/store", "/data/Box/store", "/data/MEGA", "/home/ash/Boxes/store", "/net/other",
        "/home/ash/Dropboxes", "/tmp/pytest-of-ash/store", "/",
    ],
)  # fmt: skip
def test_an_ordinary_folder_is_a_good_place(folder: str) -> None:
    assert kind(folder) == ""


@pytest.mark.parametrize("root", ["overlay", "9p", "tmpfs", "virtiofs", "zfs", "rootfs", "fuse.fuse-overlayfs", "apfs"])
def test_the_disk_of_a_container_or_a_virtual_machine_is_a_good_place(root: str) -> None:
    assert kind("/srv/store", [Mount("/", root)]) == ""


def test_what_this_computer_says_of_itself_is_understood(tmp_path: Path) -> None:
    assert any(mount.point == "/" for mount in mounts())
    assert kind_of(tmp_path / "store", mounts(), tmp_path, {}) == ""


@pytest.mark.parametrize(
    ("mark", "called"),
    [
        (".stfolder", "Syncthing"), (".sync_a1b2c3.db", "Nextcloud"), (".owncloudsync.log", "ownCloud"),
        (".dropbox.cache", "Dropbox"), (".tmp.drivedownload", "Google Drive"), (".megaignore", "MEGA"),
    ],
)  # fmt: skip
def test_a_folder_that_is_synchronised_is_told_by_what_the_program_left_in_it(
    tmp_path: Path, mark: str, called: str
) -> None:
    (tmp_path / "team" / "deep").mkdir(parents=True)
    (tmp_path / "team" / mark).touch()
    assert kind(tmp_path / "team" / "deep" / "store" / "not yet there", [Mount("/", "ext4")]) == called
    assert kind(tmp_path / "elsewhere", [Mount("/", "ext4")]) == ""


def test_the_settings_folder_of_dropbox_does_not_spoil_a_whole_home(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    assert kind_of(tmp_path / "store", [Mount("/", "ext4")], tmp_path, {}) == ""


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"])
def test_onedrive_is_told_where_the_system_says_it_is(tmp_path: Path, variable: str) -> None:
    environ = {variable: str(tmp_path / "Work Files")}
    assert kind(tmp_path / "work files" / "store", [Mount("/", "ext4")], environ) == "OneDrive"
    assert kind(tmp_path / "Work Files 2" / "store", [Mount("/", "ext4")], environ) == ""


def test_a_link_is_followed_to_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "short").symlink_to(tmp_path / "OneDrive")
    assert kind(tmp_path / "short" / "store", [Mount("/", "ext4")]) == "OneDrive"

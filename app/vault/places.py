"""Whether a folder is a place for a store: not a network drive, and nothing that a program keeps in step elsewhere.

Two computers can write to such a folder at once, and what keeps it in step copies a file in the middle of a save. A
single finished file, such as a backup, is safe there.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

NETWORK = "a network drive"
# The names systems give to file systems of other computers. 9p and virtiofs are not among them: they are how a virtual
# machine or a container sees the disk of the computer it runs on.
_NETWORK_KINDS = frozenset({
    "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "davfs2", "fuse.afpfs", "fuse.ceph", "fuse.cephfs",
    "fuse.curlftpfs", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfs-fuse-daemon", "fuse.gvfsd-fuse",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.webdavfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs3",
    "nfs4", "smb2", "smb3", "smbfs", "sshfs", "webdav",
})  # fmt: skip
_SYNCED_KINDS = {
    "fuse.google-drive-ocamlfuse": "Google Drive", "fuse.onedriver": "OneDrive", "fuse.pcloud": "pCloud",
    "fuse.drivefs": "Google Drive", "fuse.dropbox": "Dropbox", "fuse.mega": "MEGA",
}  # fmt: skip
# what these are called is their own, wherever they are
_ANYWHERE = {
    "OneDrive": "OneDrive", "OneDrive - *": "OneDrive", "Dropbox": "Dropbox", "Dropbox (*)": "Dropbox",
    "Google Drive": "Google Drive", "GoogleDrive": "Google Drive", "Google Drive Stream": "Google Drive",
    "DriveFS": "Google Drive", "iCloudDrive": "iCloud Drive", "iCloud Drive": "iCloud Drive",
    "Nextcloud": "Nextcloud", "ownCloud": "ownCloud", "pCloudDrive": "pCloud", "pCloud Drive": "pCloud",
    "MEGAsync": "MEGA", "Box Sync": "Box",
}  # fmt: skip
# these could be anybody's word for anything, but not right in a person's home
_AT_HOME = {
    "Box": "Box", "MEGA": "MEGA", "My Drive": "Google Drive", "Library/CloudStorage": "a cloud service",
    "Library/Mobile Documents": "iCloud Drive",
}  # fmt: skip
_MARKS = {
    ".sync_*.db": "Nextcloud", "._sync_*.db": "Nextcloud", ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud", ".owncloudsync.log.*": "ownCloud", ".stfolder": "Syncthing",
    ".dropbox.cache": "Dropbox", ".tmp.drivedownload": "Google Drive", ".tmp.driveupload": "Google Drive",
    ".megaignore": "MEGA", ".boxsyncignore": "Box", ".seafile-data": "Seafile",
}  # fmt: skip
_VARIABLES = {"OneDrive": "OneDrive", "OneDriveCommercial": "OneDrive", "OneDriveConsumer": "OneDrive"}


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a file system hangs, what it is called, and whether the system says it is on another computer."""

    point: str
    kind: str
    remote: bool = False


def mounts() -> list[Mount]:
    """Return the file systems of this computer; none where the system does not tell."""
    # the first window waits for this module, and mostly for nothing in it
    import psutil

    with suppress(OSError):
        return [
            Mount(one.mountpoint, one.fstype, "remote" in one.opts.split(","))
            for one in psutil.disk_partitions(all=True)
        ]
    return []


def kind_of(folder: Path, hanging: Sequence[Mount], home: Path, environ: Mapping[str, str]) -> str:
    """Return what keeps a store from being in ``folder``, as "a network drive" or "OneDrive"; empty where nothing does.

    The folder need not be there yet: then what it would be in counts.
    """
    return _of_the_system(folder, hanging) or _of_a_program(folder, home, environ)


def _of_the_system(folder: Path, hanging: Sequence[Mount]) -> str:
    if str(folder).startswith(("\\\\", "//")):
        return NETWORK
    real = _real(folder)
    over = [mount for mount in hanging if real.is_relative_to(mount.point)]
    if not over:
        return ""
    # of two on the same point the later one is in sight
    nearest = max(enumerate(over), key=lambda pair: (len(PurePath(pair[1].point).parts), pair[0]))[1]
    if nearest.remote or nearest.kind.lower() in _NETWORK_KINDS:
        return NETWORK
    return _SYNCED_KINDS.get(nearest.kind.lower(), "")


def _of_a_program(folder: Path, home: Path, environ: Mapping[str, str]) -> str:
    real, at_home = _real(folder), _real(home)
    for variable, kind in _VARIABLES.items():
        if (root := environ.get(variable)) and _is_in(real, _real(Path(root))):
            return kind
    for part in real.parts:
        for name, kind in _ANYWHERE.items():
            if fnmatch(part.casefold(), name.casefold()):
                return kind
    for name, kind in _AT_HOME.items():
        if _is_in(real, at_home / name):
            return kind
    for above in (real, *real.parents):
        for name in _names(above):
            for mark, kind in _MARKS.items():
                if fnmatch(name, mark):
                    return kind
    return ""


def _names(folder: Path) -> Iterator[str]:
    """Yield the hidden names in a folder; none where it is not there or may not be read."""
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            if entry.name.startswith("."):
                yield entry.name


def _is_in(path: Path, folder: Path) -> bool:
    """Return whether ``path`` is in ``folder``, however the names are spelt."""
    return PurePath(str(path).casefold()).is_relative_to(str(folder).casefold())


def _real(path: Path) -> Path:
    """Return where ``path`` is or would be, past every link on the way."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError):
        return path.absolute()

"""What can be wrong with a store, each with the sentence a person is shown."""


class StoreFault(Exception):
    """The store cannot be used. Its text is one sentence for the person."""

    sentence = "The store cannot be used."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class StoreMissing(StoreFault):
    """There is no store in the folder, or the folder has gone."""

    sentence = (
        "There is no Chairside store in this folder: check that the drive is connected and the folder has not been "
        "moved or renamed."
    )


class StoreInUse(StoreFault):
    """Another program holds the store."""

    sentence = "This store is already open elsewhere: close the other Chairside window, or wait until it has finished."


class StoreInTheWay(StoreFault):
    """There is a store file already where a new one was to be made."""

    sentence = (
        "There is a store file in this folder already, and nothing is ever overwritten: choose an empty folder for the "
        "new store."
    )


class StoreDamaged(StoreFault):
    """The passphrase was right, but the store's contents are not what was written."""

    sentence = (
        "The passphrase is right, but the store file is damaged: do not delete anything, and restore the newest backup "
        "or ask your IT support to keep a copy of the folder."
    )


class StoreEmpty(StoreFault):
    """The store's file holds nothing: it was cut off, or never finished."""

    sentence = (
        "The store file in this folder is empty: bring back the newest backup, or, where the store was only being "
        "made, make a new one in another folder."
    )


class StoreReadOnly(StoreFault):
    """Nothing can be written where the store is."""

    sentence = (
        "This store can be read but not written to: ask for permission to change its folder, or copy the folder to a "
        "place where you may save."
    )


class StoreNewer(StoreFault):
    """A later version of Chairside has changed the store."""

    sentence = "This store was last used by a newer version of Chairside: install that version to open it."


class DiskFull(StoreFault):
    """There is no room for what was to be saved; everything saved before is safe."""

    sentence = (
        "The disk is full, so the last entry was not saved; everything before it is safe. Make room on the disk and "
        "try again."
    )


class RoomMade(DiskFull):
    """There was no room, and the reserve has made some; everything saved before is safe."""

    sentence = (
        "The disk is full. The last entry is not saved yet, and everything before it is safe: room was made for it, so "
        "press Enter again, and then make room on the disk."
    )


class SaveFailed(StoreFault):
    """The last act could not be written; everything saved before is safe."""

    sentence = (
        "The last entry could not be saved because the disk or folder did not accept it; everything before it is safe. "
        "Check the drive and try again."
    )

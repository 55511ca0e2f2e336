"""Writing that is done whole or not at all, and replaces nothing unasked."""

import errno
import os

import pytest

from sparse_ae.support import files


@pytest.fixture(params=["hard links", "no hard links"])
def disk(request, tmp_path, monkeypatch):
    """A folder on a disk with hard links, and on one without."""

    def no_links(*_):
        raise OSError(errno.EPERM, "this file system has none")

    if request.param == "no hard links":
        monkeypatch.setattr(os, "link", no_links)
    return tmp_path


def test_a_new_file_is_written_whole(disk):
    files.write_new(disk / "new", b"all of it")
    assert (disk / "new").read_bytes() == b"all of it"
    assert os.listdir(disk) == ["new"]


@pytest.mark.parametrize("there", ["file", "folder", "link to nowhere"])
def test_what_is_there_is_kept(disk, there):
    path = disk / "taken"
    if there == "file":
        path.write_bytes(b"mine")
    elif there == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        files.write_new(path, b"theirs")
    assert os.listdir(disk) == ["taken"]
    assert there != "file" or path.read_bytes() == b"mine"
    assert not (disk / "nowhere").exists()


def test_replace_replaces(disk):
    (disk / "old").write_bytes(b"old")
    files.replace(disk / "old", b"new")
    assert (disk / "old").read_bytes() == b"new" and os.listdir(disk) == ["old"]


@pytest.mark.parametrize("write", [files.write_new, files.replace])
def test_a_full_disk_leaves_nothing(disk, monkeypatch, write):
    def full(self, content):
        with open(self, "wb") as file:
            file.write(content[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write(disk / "new", b"all of it")
    assert os.listdir(disk) == []


def test_several_files_get_their_places_all_or_none(disk):
    source, target = disk / "source", disk / "target"
    source.mkdir(), target.mkdir()
    for name in "abc":
        (source / name).write_text(name)
    (target / "c").write_text("mine")
    with pytest.raises(FileExistsError):
        files.place_all("abc", source, target)
    assert os.listdir(target) == ["c"] and (target / "c").read_text() == "mine"
    (target / "c").unlink()
    files.place_all("abc", source, target)
    assert {path.name: path.read_text() for path in target.iterdir()} == {
        name: name for name in "abc"
    }


def test_a_free_name(tmp_path):
    assert files.free_name(tmp_path / "run").name == "run-2"
    (tmp_path / "run-2").mkdir()
    (tmp_path / "run-3").symlink_to("nowhere")
    assert files.free_name(tmp_path / "run").name == "run-4"
    assert files.free_name(tmp_path / "a.txt").name == "a-2.txt"

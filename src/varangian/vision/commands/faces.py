"""Faces in files: compared, described, studied. Nothing is kept but what is asked for."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from varangian.engines.vision.faces import pictures, study
from varangian.engines.vision.faces.gallery import similarity
from varangian.engines.vision.faces.model import Embedder, FaceFinder
from varangian.engines.vision.faces.quality import quality
from varangian.kernel.results import Refused
from varangian.platform.ui import console

Photo = Annotated[Path, typer.Argument(help="JPEG, PNG or WebP with one face")]
Folder = Annotated[Path, typer.Argument(metavar="DIR")]


def compare(first: Photo, second: Photo, as_json: console.AsJson = False) -> None:
    """Are two photos alike enough for a person to look at both? Never that they are one person."""
    finder, embedder = networks()
    limits = embedder.limits
    vectors, told, faults = [], {}, []
    for name, path in (("first", first), ("second", second)):
        image = pictures.read(path)
        face = pictures.only_face(image, finder, str(path))
        judged = quality(image, face)
        poor = judged.faults(limits)
        told[name] = {**judged.plain(), "faults": poor}
        faults += poor
        vectors.append(embedder.embed(image, face))
    alike = similarity(vectors[0], vectors[1], limits.metric)
    decision = "alike" if alike >= limits.threshold else "not_alike"
    shape = {
        "similarity": round(alike, 4),
        "quality": told,
        "decision": "cannot_tell" if faults else decision,
        "threshold": limits.threshold,
        "threshold_from": limits.study,
        "model": vectors[0].model,
        "model_sha256": vectors[0].sha256,
    }
    if as_json:
        console.emit(shape, True)
        return
    words = {
        "alike": "Alike: a person has to look at both photos",
        "not_alike": "Not alike",
        "cannot_tell": "Cannot tell: " + "; ".join(faults),
    }
    console.emit({"answer": words[shape["decision"]], "similarity": shape["similarity"]}, False)


def embed_folder(
    folder: Folder,
    out: Annotated[Path, typer.Option(metavar="FILE.npz")],
    as_json: console.AsJson = False,
) -> None:
    """Describe the one face of every photo below DIR; the photos that fail are named."""
    finder, embedder = networks()
    files = photos(folder)
    names, vectors, told, failed, model = [], [], [], [], {}
    with console.progress("photos", len(files)) as advance:
        for path in files:
            advance()
            name = path.relative_to(folder).as_posix()
            try:
                image = pictures.read(path, name)
                face = pictures.only_face(image, finder, name)
            except Refused as refused:
                failed.append({"photo": name, "reason": refused.what, "mend": refused.mend})
                continue
            vector = embedder.embed(image, face)
            model = {"model": vector.model, "sha256": vector.sha256}
            judged = quality(image, face)
            names.append(name)
            vectors.append(vector.values)
            told.append([judged.width, judged.sharpness, judged.yaw, judged.roll])
    if not names:
        raise Refused(
            f"None of {len(files)} photos could be used", where=str(folder), mend=_first(failed)
        )
    with out.open("wb") as file:
        np.savez_compressed(
            file,
            names=np.array(names),
            vectors=np.stack(vectors),
            quality=np.array(told, np.float32),
            model=np.array(model["model"]),
            sha256=np.array(model["sha256"]),
        )
    shape = {"made": len(names), "failed": failed, "file": str(out), **model}
    _tell_batch(shape, as_json)
    if failed:
        raise typer.Exit(1)


def _tell_batch(shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    console.say(f"{shape['made']} faces in {shape['file']}")
    for row in shape["failed"]:
        console.say(f"{row['photo']}: {row['reason']}. {row['mend']}")


def _first(failed: list[dict[str, str]]) -> str:
    return f"The first: {failed[0]['photo']}: {failed[0]['reason']}." if failed else "It is empty."


def study_folder(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="one folder a person")],
    sizes: Annotated[bool, typer.Option(help="also error by face width and blur; slow")] = True,
    as_json: console.AsJson = False,
) -> None:
    """Thresholds at false accept rates, and error by face size and blur, on photos you have."""
    if not folder.is_dir():
        raise Refused("There is no such folder", where=str(folder), mend="Check the path.")
    people: dict[str, list[tuple[str, np.ndarray]]] = {}
    unread: list[dict[str, str]] = []
    for person in sorted(p for p in folder.iterdir() if p.is_dir()):
        for path in photos(person):
            name = path.relative_to(folder).as_posix()
            try:
                people.setdefault(person.name, []).append((name, pictures.read(path, name)))
            except Refused as refused:
                unread.append({"picture": name, "reason": refused.what})
    count = sum(len(own) for own in people.values())
    finder, embedder = networks()
    with console.progress("photos", count) as advance:
        found = study.samples(people, finder, embedder, advance)
    found.skipped += unread
    shape = study.report(found, embedder.limits.metric)
    set_at = [row for row in shape["thresholds"] if row["threshold"] is not None]
    if sizes and set_at:
        rounds = len(study.WIDTHS) * len(study.BLURS)
        at = set_at[-1]["threshold"]
        with console.progress("sizes", count * rounds) as advance:
            shape["by_size"] = study.by_size(people, found, finder, embedder, at, tell=advance)
        shape["by_size_threshold"] = at
    _tell_study(shape, as_json)


def _tell_study(shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    console.say(
        f"{shape['people']} people, {shape['pictures']} pictures, "
        f"{shape['impostor_pairs']} pairs of strangers; {len(shape['skipped'])} pictures left out"
    )
    console.emit(
        shape["thresholds"],
        False,
        ("false_accept_rate", "threshold", "true_accept_rate", "band_95", "why"),
    )
    if "by_size" in shape:
        columns = ("face_width", "blur", "faces_found", "sharpness")
        console.emit(shape["by_size"], False, (*columns, "true_accept_rate", "false_accept_rate"))


def photos(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise Refused("There is no such folder", where=str(folder), mend="Check the path.")
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in pictures.SUFFIXES)


def networks() -> tuple[FaceFinder, Embedder]:
    from varangian.engines.vision.faces.centerface import CenterFace
    from varangian.engines.vision.faces.dlib_resnet import DlibResNet

    return CenterFace(), DlibResNet()

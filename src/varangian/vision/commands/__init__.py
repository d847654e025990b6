"""Commands that look at cameras, recordings and faces, and try rules. No database is needed."""

import typer

from . import behaviours, counts, faces, models, plates, run

vision = typer.Typer(help="Look at cameras, recordings and faces.", no_args_is_help=True)
groups = {"vision": vision, **behaviours.groups}

vision.command("run")(run.run_source)
vision.command("counts")(counts.count_people)
vision.command("models")(models.list_models)
vision.command("plates")(plates.read_plates)

of_faces = typer.Typer(help="Compare faces, and measure how well.", no_args_is_help=True)
vision.add_typer(of_faces, name="faces")
of_faces.command("compare")(faces.compare)
of_faces.command("embed")(faces.embed_folder)
of_faces.command("study")(faces.study_folder)

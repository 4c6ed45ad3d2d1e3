#!/usr/bin/env python3
"""Whether what `sam build` left is what the tests ran: usage: sam_build.py BUILD_DIRECTORY"""

import pathlib
import sys
import zipfile

import cfn

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
UNPACKED_BYTES_MAX = 250 * 1024 * 1024

MODULES = {"burgee-shared": "shared", "burgee-http-edge": "functions/http-edge"}


def classes_of(jar):
    return {name: jar.read(name) for name in jar.namelist() if name.endswith(".class")}


def problems_of(name, function, build):
    code = (build / function["CodeUri"]).resolve()
    module = pathlib.Path(function["CodeUri"]).stem
    if not zipfile.is_zipfile(code):
        yield f"{name}: {code} is no zip"
        return
    if code != (cfn.ROOT / f"functions/{module.removeprefix('burgee-')}/target/{module}.zip").resolve():
        yield f"{name}: sam build made something else of the zip: {code}"
    handler = function["Handler"].partition("::")[0].replace(".", "/") + ".class"
    found = set()
    with zipfile.ZipFile(code) as packed:
        size = sum(info.file_size for info in packed.infolist())
        if size > UNPACKED_BYTES_MAX:
            yield f"{name}: {size} bytes unpacked, Lambda takes {UNPACKED_BYTES_MAX}"
        for entry in packed.namelist():
            jar = next((m for m in (module, *MODULES) if entry.startswith(f"lib/{m}-") and entry.endswith(".jar")), None)
            if jar is None:
                continue
            found.add(jar)
            folder = cfn.ROOT / MODULES.get(jar, "functions/" + module.removeprefix("burgee-")) / "target/classes"
            compiled = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.class")}
            with packed.open(entry) as stream, zipfile.ZipFile(stream) as opened:
                shipped = classes_of(opened)
            if shipped != compiled:
                differ = sorted(set(shipped.items()) ^ set(compiled.items()))
                yield f"{name}: {entry} is not what is compiled, for example {differ[0][0]}"
            if jar == module and handler not in shipped:
                yield f"{name}: {entry} has no {handler}"
    if not {module, "burgee-shared"} <= found:
        yield f"{name}: lib/ has {sorted(found)} of ours only"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    template = cfn.load(build / "template.yaml")
    functions = list(cfn.resources(template, "AWS::Serverless::Function"))
    problems = [p for name, f in functions for p in problems_of(name, f["Properties"], build)]
    if len(functions) != 4:
        problems.append(f"{len(functions)} functions instead of 4")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(functions)} functions, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Lets PyTorch's Linux wheel load on a machine that has no GPU, without the 2 GB of CUDA libraries it is linked to.

Usage: python3 cuda-stand-ins.py path/to/torch/lib

Every library that is missing gets an empty stand-in: each function that PyTorch names answers 100, CUDA's own word for
"there is no device". For tests on the CPU only; where the real libraries are installed, nothing is missing and nothing
is written. Needs a C compiler and readelf, which torch.compile needs as well.
"""

import ctypes
import pathlib
import re
import subprocess
import sys
import tempfile


def read(option: str, library: pathlib.Path) -> str:
    return subprocess.run(["readelf", option, "-W", library], capture_output=True, text=True, check=True).stdout


def is_missing(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return True
    return False


def write(folder: pathlib.Path, library: str, functions: set[str], version: str | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch, "stand-in.c")
        source.write_text("".join(f"int {name}(void) {{ return 100; }}\n" for name in sorted(functions)))
        command = [
            "cc",
            "-shared",
            "-fPIC",
            "-w",
            "-fno-builtin",
            f"-Wl,-soname,{library}",
            "-o",
            folder / library,
            source,
        ]
        if version is not None:
            script = pathlib.Path(scratch, "versions")
            script.write_text(f"{version} {{ global: *; }};\n")
            command.append(f"-Wl,--version-script={script}")
        subprocess.run(command, check=True)


def main(folder: pathlib.Path) -> None:
    own = sorted(folder.glob("*.so*"))
    needed: set[str] = set()
    wanted: dict[str, set[str]] = {}
    for library in own:
        needed.update(re.findall(r"NEEDED.*\[(.*)\]", read("-d", library)))
        for name, version in re.findall(r" UND (\w+)(?:@(\S+))?", read("--dyn-syms", library)):
            wanted.setdefault(version, set()).add(name)
    present = {library.name for library in own}
    missing = sorted(name for name in needed - present if name.startswith(("libcu", "libn")) and is_missing(name))
    # Some libraries have no versions of their own; any of their stand-ins may answer for them.
    plain = {name for name in wanted.get("", set()) if re.match(r"cu[a-zA-Z]|nccl|nvshmem", name)}
    for library in missing:
        versions = [version for version in wanted if version == library or library.startswith(f"lib{version.lower()}")]
        version = next((version for version in versions if version != ""), None)
        write(folder, library, wanted[version] if version else plain, version)
    print(f"{len(missing)} CUDA libraries have stand-ins")


main(pathlib.Path(sys.argv[1]))

"""What the fuzzers' seeds reach: lines of each room and module, and the functions that no seed ever enters.

usage: coverage.py BUILD [ROOM...]    BUILD: compiled with clang's -fprofile-instr-generate -fcoverage-mapping
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOT_OURS = ("_fuzz.c", "_test.c", "fuzz_scenario.h", "log_fuzz.h", "fake_verdict.h", "replay_seeds.c")


def replay(build):
    """Runs every fuzzer's entry point over its seeds; the programs, and the profile of all."""
    programs = sorted((build / "src").glob("*_fuzz_replay"))
    raws = []
    for program in programs:
        raw = build / f"{program.name}.profraw"
        seeds = ROOT / "tests/seeds" / program.name.removesuffix("_replay")
        subprocess.run([program, seeds], env={"LLVM_PROFILE_FILE": str(raw)}, stdout=subprocess.DEVNULL, check=True)
        raws.append(raw)
    profile = build / "seeds.profdata"
    subprocess.run(["llvm-profdata", "merge", "-sparse", "-o", profile, *raws], check=True)
    return programs, profile


def export(programs, profile):
    command = ["llvm-cov", "export", "-skip-expansions", f"-instr-profile={profile}", programs[0]]
    for program in programs[1:]:
        command += ["-object", program]
    done = subprocess.run(command, capture_output=True, check=True)
    return json.loads(done.stdout)["data"][0]


def modules(data):
    """Lines reached and lines in all, by room and file."""
    found = {}
    for file in data["files"]:
        path = pathlib.Path(file["filename"])
        if path.parent.parent.name == "src" and not path.name.endswith(NOT_OURS):
            lines = file["summary"]["lines"]
            found.setdefault(path.parent.name, {})[path.name] = (lines["covered"], lines["count"])
    return found


def never_entered(data):
    """Functions by room and file: each is counted once however many programs it is linked into."""
    entered, known = set(), set()
    for function in data["functions"]:
        path = pathlib.Path(function["filenames"][0])
        key = (path.parent.name, path.name, function["name"].rpartition(":")[2])
        known.add(key)
        if function["count"] > 0:
            entered.add(key)
    return sorted(known - entered)


def percent(covered, count):
    return 100 * covered / count if count else 100


def main(build, rooms):
    programs, profile = replay(pathlib.Path(build).resolve())
    data = export(programs, profile)
    missing = never_entered(data)
    for room, files in sorted(modules(data).items()):
        if rooms and room not in rooms:
            continue
        sums = [sum(column) for column in zip(*files.values())]
        print(f"{room:<40}{percent(*sums):6.1f} %  {sums[0]:6} of {sums[1]:6} lines")
        for name, lines in sorted(files.items(), key=lambda item: percent(*item[1])):
            never = [function for r, file, function in missing if (r, file) == (room, name)]
            print(f"    {name:<36}{percent(*lines):6.1f} %" + (f"  never: {', '.join(never)}" if never else ""))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])

"""bash, zsh and fish, the real ones: what each offers at the end of a line. The latter two are unpacked below the build folder."""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNPACKED = ROOT / "build/peers/shells"
PACKAGES = ["zsh", "zsh-common", "fish", "fish-common", "libpcre2-32-0"]
COMPLETION = ROOT / "completion"

BASH = """source "$COMPLETION/todoku.bash"; COMP_LINE=$1; read -ra COMP_WORDS <<<"$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _todoku; [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}" """

ZSH = r"""
module_path=($UNPACKED/usr/lib/*/zsh/*(N/)); fpath=($COMPLETION $UNPACKED/usr/share/zsh/functions/**/*(N/))
PROMPT=; LISTMAX=10000; setopt no_list_beep
autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word
compadd() {
	local -a offered
	if [[ " ${(j: :)@[1,(i)(-|--)]} " != *' -'[a-zA-Z]#[OAD]' '* ]]; then
		builtin compadd -O offered "$@"; print -rl -- $offered >>$OFFERED
	fi
	builtin compadd "$@"
}
: >$OFFERED.ready
"""


def unpack():
    if (UNPACKED / "done").exists():
        return
    UNPACKED.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=UNPACKED, check=True, capture_output=True)
    for package in UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
    (UNPACKED / "done").touch()


def environment(todoku, folder):
    libraries = ":".join(str(p) for p in UNPACKED.glob("usr/lib/*-linux-gnu"))
    return {"PATH": f"{pathlib.Path(todoku).resolve().parent}:/usr/bin:/bin", "HOME": str(folder), "COMPLETION": str(COMPLETION),
            "UNPACKED": str(UNPACKED), "LD_LIBRARY_PATH": libraries, "LC_ALL": "C.UTF-8", "TERM": "dumb"}


def bash(line, todoku, folder):
    env = {**environment(todoku, folder), "LD_LIBRARY_PATH": ""}
    return subprocess.run(["bash", "-c", BASH, "bash", line], cwd=folder, env=env, capture_output=True, text=True, timeout=60,
                          check=True).stdout.splitlines()


def fish(line, todoku, folder):
    unpack()
    script = 'set fish_function_path $UNPACKED/usr/share/fish/functions; source "$COMPLETION/todoku.fish"; complete -C "$argv[1]"'
    out = subprocess.run([UNPACKED / "usr/bin/fish", "--no-config", "-c", script, line], cwd=folder,
                         env=environment(todoku, folder), capture_output=True, text=True, timeout=60, check=True).stdout
    return [offer.split("\t")[0] for offer in out.splitlines()]


def wait_for(path, terminal):
    """Until the shell has written it; what it prints is read and dropped, else it would stop."""
    for _ in range(1200):
        if path.exists():
            return
        if select.select([terminal], [], [], 0.05)[0]:
            os.read(terminal, 65536)
    raise RuntimeError("zsh does not answer")


def zsh(line, todoku, folder):
    """Types the line and Tab into an interactive zsh; what is handed to compadd is what it offers."""
    unpack()
    work = pathlib.Path(folder) / ".zsh"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    offered, setup = work / "offered", work / "setup"
    setup.write_text(ZSH)
    env = {**environment(todoku, folder), "OFFERED": str(offered)}
    terminal, end = pty.openpty()
    shell = subprocess.Popen([next(p for p in (UNPACKED / "bin/zsh", UNPACKED / "usr/bin/zsh") if p.exists()), "-f", "-i"],
                             cwd=folder, env=env, stdin=end, stdout=end, stderr=end, start_new_session=True)
    os.close(end)
    try:
        os.write(terminal, f"source {setup}\n".encode())
        wait_for(work / "offered.ready", terminal)
        os.write(terminal, line.encode() + b"\t\x01: >$OFFERED.done; : \n") # ^A, so that the line is harmless
        wait_for(work / "offered.done", terminal)
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)
    return [offer for offer in offered.read_text().splitlines() if offer] if offered.exists() else []

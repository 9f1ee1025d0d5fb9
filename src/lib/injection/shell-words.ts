/** Commands whose names are no words of prose. */
export const commandNames: ReadonlySet<string> = new Set(
  "whoami uname ifconfig ipconfig netstat nslookup curl wget ncat netcat nc telnet bash sh zsh ksh dash python python2 python3 perl ruby php chmod chown rm rmdir mkdir grep awk sed xargs base64 xxd printenv printf powershell pwsh certutil bitsadmin wmic tasklist systeminfo schtasks regsvr32 rundll32 mshta cscript hostname reboot poweroff halt killall pkill crontab useradd passwd sudo lsof ssh scp sftp ftp tftp socat busybox openssl gcc getent netsh traceroute tracert nmap iptables docker kubectl tar gunzip unzip".split(
    " ",
  ),
);

/** Commands that are also words: they count with an argument that words do not have. */
export const wordyNames: ReadonlySet<string> = new Set(
  "cat ls id ps pwd w ping sleep echo kill touch head tail more less find type dir set env net time host dig cp mv ln cut sort start reg cmd eval exec source export read test tee who last top mail node go make date file df du free mount cd del copy move nl od ip at".split(
    " ",
  ),
);

/** Commands that do something by themselves. */
export const lonelyNames: ReadonlySet<string> = new Set("id ls ps pwd env dir who w netstat set".split(" "));

/**
 * The word of a command that a shell would make of a text, without the quotation marks, backslashes and empty variables
 * that hide it: `c'a't`, `c\at`, `ca$@t`. Lower case, without its folder.
 */
export function commandWord(text: string): {
  readonly word: string;
  readonly rest: string;
  readonly isHidden: boolean;
} {
  const raw = /^[^\s;|&<>(){},]{0,80}/.exec(text)?.[0] ?? "";
  const plain = raw.replace(/\$\{?IFS\}?.*$/s, "").replace(/['"\\`^]|\$[@*1-9]|\$\{\w{0,20}\}|\$u\b/g, "");
  const isPath = /^(?:[\w.~?*-]*\/)+/.test(plain);
  const word = plain.slice(plain.lastIndexOf("/") + 1).toLowerCase();
  return {
    word: word.replace(/\.exe$/, ""),
    rest: text.slice(raw.length),
    isHidden: plain !== raw || (isPath && /[?*]/.test(plain)),
  };
}

/** Writes what a machine has in `/etc`, into the folder that `boot_systemd.sh` makes one of. */
export async function writeMachine(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/etc/systemd`, { recursive: true });
  const files = {
    "passwd": "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
    "group": "root:x:0:\nnogroup:x:65534:\n",
    "machine-id": "0123456789abcdef0123456789abcdef\n",
    "hosts": "127.0.0.1 localhost\n",
    "secret": "secret",
    "ld.so.cache": "",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/etc/${name}`, text);
  }
}

// flags: --allow-read=/ --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>,/usr/bin/ln,/usr/bin/bwrap,/bin/sh
import { showGallery } from "../../hostile/gallery.ts";

await showGallery("bubblewrap");

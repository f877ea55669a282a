// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>,/usr/bin/ln
import { showGallery } from "./gallery.ts";

await showGallery("none");

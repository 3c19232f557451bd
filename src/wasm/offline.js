"use strict";
/* Keeps the few files of the page, so that it works without a network once it was loaded. VERSION is their digest. */
const VERSION = "@VERSION@", FILES = ["./", "base.css", "page.css", "page.js", "icon.svg", "worker.js", "todoku.wasm", "@EXAMPLES@"];

addEventListener("install", (event) => event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(
	caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)))).then(() => clients.claim())));
addEventListener("fetch", (event) => {
	if (event.request.method === "GET")
		event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)));
});

"use strict";
/* The engine in a worker: todoku.wasm reads a Blob piece by piece, so that the page never waits and a log of any size fits. */
const FORMS = { html: 0, jsonl: 1, summary: 2 }, LANGS = { en: 0, ja: 1 };
const NO_SYSTEM_CALL = 52; /* WASI's ENOSYS: there is no system here */
const compiled = WebAssembly.compileStreaming(fetch("todoku.wasm"));
let engine = null, input = null, answer = [], told = 0;

const bytes = (at, size) => new Uint8Array(engine.memory.buffer, at, size);
const read = (to, size) => {
	const piece = input.blob.slice(input.at, input.at + size);
	if (piece.size === 0)
		return 0;
	bytes(to, piece.size).set(new Uint8Array(new FileReaderSync().readAsArrayBuffer(piece)));
	input.at += piece.size;
	if (input.blob.size > 1 << 22 && performance.now() - told > 100) {
		told = performance.now();
		postMessage({ progress: input.at / input.blob.size });
	}
	return piece.size;
};
const write = (at, size) => { answer.push(bytes(at, size).slice()); };

const begin = async () => {
	const system = new Proxy({}, { get: () => () => NO_SYSTEM_CALL });
	const instance = await WebAssembly.instantiate(await compiled, { page: { read, write }, wasi_snapshot_preview1: system });
	engine = instance.exports;
	engine._initialize?.();
	if (engine.begin() !== 0)
		throw new Error("the catalogue is unsound");
};
const started = begin();

/* gzip begins with 1f 8b. RFC 1952 section 2.3.1 */
const unpacked = async (blob) => {
	const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
	return first === 0x1f && second === 0x8b ? new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).blob() : blob;
};

onmessage = async ({ data: { id, what, blob, form, lang, final } }) => {
	try {
		await started;
		input = { blob: what === "why" ? await unpacked(blob) : blob, at: 0 };
		answer = [];
		const status = what === "why" ? engine.why(FORMS[form], LANGS[lang], final ? 1 : 0) : engine.codes(LANGS[lang]);
		postMessage({ id, status, answer: new Blob(answer) });
	} catch (fault) {
		postMessage({ id, status: -1, fault: String(fault) });
	}
};

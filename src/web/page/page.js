"use strict";
/* The page: takes an input, asks the engine – a server, or todoku.wasm in a worker –, shows the card it answers with. What a card
   says is the engine's; here are only the hands. */
(() => {
	const BODY_SIZE_MAX = 25 * 1024 * 1024;
	const root = document.documentElement;
	const alone = root.dataset.engine === "alone"; /* no server: the engine is here */
	const VIEWS = alone ? ["why", "codes"] : ["why", "check", "verify", "codes"];
	const by = (id) => document.getElementById(id);
	const words = {
		reading: { ja: "読んでいます…", en: "Reading …" },
		asking: { ja: "DNS を確認しています…", en: "Asking the DNS …" },
		cancelled: { ja: "中止しました。", en: "Cancelled." },
		tooLarge: { ja: "25 MB を超えています。todoku why をコマンドで使うと、どの大きさでも読めます。", en: "This is larger than 25 MB; the command todoku why reads any size." },
		empty: { ja: "文面を貼り付けるか、ファイルを選んでください。", en: "Paste something or choose a file first." },
		unreachable: { ja: "サーバーに接続できません。", en: "The server cannot be reached." },
		copy: { ja: "コピー", en: "Copy" },
		copied: { ja: "コピー済み", en: "Copied" },
		found: { ja: (n) => `${n} 件`, en: (n) => `${n} found` },
		busy: { ja: "処理が混み合っています。少し待ってからもう一度お試しください。", en: "There is too much to do; try again in a moment." },
		"too-long": { ja: "時間がかかりすぎたため中止しました。", en: "It took too long and was given up." },
		died: { ja: "この入力は読み取れませんでした(処理の上限を超えました)。", en: "This input could not be read within the bounds." },
	};
	const state = { lang: "en", view: "why", html: "", input: null, again: null, running: null };

	/* --- language --- */
	const say = (key, ...more) => {
		const said = words[key][state.lang];
		return typeof said === "function" ? said(...more) : said;
	};
	const remembered = () => {
		try {
			return localStorage.getItem("lang");
		} catch {
			return null;
		}
	};
	const setLanguage = (lang) => {
		state.lang = lang;
		root.lang = lang;
		root.dataset.lang = lang;
		for (const element of document.querySelectorAll(`[data-${lang}-label]`))
			element.setAttribute("aria-label", element.getAttribute(`data-${lang}-label`));
		for (const element of document.querySelectorAll(`[data-${lang}-placeholder]`))
			element.placeholder = element.getAttribute(`data-${lang}-placeholder`);
		for (const button of document.querySelectorAll("button.copy-it"))
			button.textContent = say("copy");
		try {
			localStorage.setItem("lang", lang);
		} catch { /* it is asked for anew */ }
		search();
	};

	/* --- views --- */
	const show = (view) => {
		state.view = VIEWS.includes(view) ? view : "why";
		for (const section of document.querySelectorAll(".view"))
			section.hidden = section.id !== `view-${state.view}`;
		for (const link of document.querySelectorAll("nav a"))
			link.dataset.view === state.view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
		by("result").hidden = true;
		stop();
		if (state.view === "codes")
			loadCodes();
	};
	const tell = (text) => {
		by("state").textContent = text;
	};

	/* --- asking --- */
	const token = () => sessionStorage.getItem("token");
	const askToken = () => new Promise((resolve) => {
		const dialog = by("ask-token");
		dialog.addEventListener("close", () => {
			sessionStorage.setItem("token", by("token").value);
			by("token").value = "";
			resolve(sessionStorage.getItem("token"));
		}, { once: true });
		dialog.showModal();
	});
	const engine = { worker: null, id: 0, waiting: new Map() };
	const beginEngine = () => {
		engine.worker = new Worker("worker.js");
		engine.worker.onmessage = ({ data }) => {
			if (data.progress !== undefined)
				return tell(`${say("reading")} ${Math.floor(data.progress * 100)} %`);
			engine.waiting.get(data.id)?.(data);
			engine.waiting.delete(data.id);
		};
	};
	/* Who gives up gets another engine; nothing of the old one is left. */
	const endEngine = (fault) => {
		engine.worker.terminate();
		for (const settle of engine.waiting.values())
			settle(fault);
		engine.waiting.clear();
		beginEngine();
	};
	const refusal = (kind, status) => new Response(JSON.stringify({ type: `urn:todoku:problem:${kind}`, status }), { status });
	const askEngine = async (path, { body, accept = "text/html", signal } = {}) => {
		const url = new URL(path, location.href), what = url.pathname.split("/").pop(), id = ++engine.id;
		const blob = body ?? new Blob([url.searchParams.get("receiver") ?? "google"]);
		signal?.addEventListener("abort", () => engine.waiting.has(id) && endEngine({ aborted: true }), { once: true });
		const data = await new Promise((resolve) => {
			engine.waiting.set(id, resolve);
			engine.worker.postMessage({ id, what, blob, form: accept === "text/html" ? "html" : "jsonl", lang: state.lang });
		});
		if (data.aborted)
			throw new DOMException("given up", "AbortError");
		if (data.status === -1) {
			endEngine({ status: -1 });
			return refusal("died", 500);
		}
		return data.status === 0 ? new Response(data.answer) : refusal("unreadable", 422);
	};
	const askServer = async (path, { body, accept = "text/html", signal } = {}) => {
		const headers = { Accept: accept };
		if (token())
			headers.Authorization = `Bearer ${token()}`;
		const response = await fetch(path, { method: body === undefined ? "GET" : "POST", body, headers, signal, cache: "no-store" });
		if (response.status === 401 && await askToken())
			return askServer(path, { body, accept, signal });
		return response;
	};
	const ask = alone ? askEngine : askServer;
	const problemOf = async (response) => {
		const problem = await response.json().catch(() => ({}));
		const kind = String(problem.type ?? "").split(":").pop();
		return kind in words ? say(kind) : [problem.title, problem.detail].filter(Boolean).join(": ") || `HTTP ${response.status}`;
	};
	const stop = () => {
		state.running?.abort();
		state.running = null;
		by("cancel").hidden = true;
	};

	/* --- showing --- */
	const showProblem = (text) => {
		const p = document.createElement("p");
		p.className = "problem";
		p.textContent = text;
		by("output").replaceChildren(p);
		by("keep").hidden = by("filter-label").hidden = true;
		tell("");
	};
	const copyButton = (pre) => {
		const box = document.createElement("div"), button = document.createElement("button");
		box.className = "copied-from";
		button.type = "button";
		button.className = "copy-it";
		button.textContent = say("copy");
		button.addEventListener("click", async () => {
			await navigator.clipboard.writeText(pre.textContent);
			button.textContent = say("copied");
			setTimeout(() => { button.textContent = say("copy"); }, 2000);
		});
		pre.replaceWith(box);
		box.append(pre, button);
	};
	const partsOf = (html) => {
		const main = html.slice(html.indexOf("<main>"), html.lastIndexOf("</main>")); /* its own style is not wanted here */
		const page = new DOMParser().parseFromString(main, "text/html");
		const parts = [...page.querySelectorAll("main > *")].map((part) => document.adoptNode(part));
		for (const part of parts)
			part.querySelectorAll("pre.copy").forEach(copyButton);
		return parts;
	};
	const showPage = (html) => {
		const parts = partsOf(html);
		const many = parts.some((part) => part.querySelector("table.many"));
		state.html = html;
		by("output").replaceChildren(...parts);
		by("keep").hidden = false;
		by("keep-csv").hidden = state.view !== "why";
		by("filter-label").hidden = !many;
		by("filter").value = "";
		tell("");
		by("output").focus({ preventScroll: true });
		by("result").scrollIntoView({ block: "start" });
	};
	const run = async (waiting, path, body) => {
		stop();
		const running = state.running = new AbortController();
		by("result").hidden = false;
		by("keep").hidden = by("filter-label").hidden = true;
		by("output").replaceChildren();
		by("cancel").hidden = false;
		tell(say(waiting));
		state.again = (accept) => ask(path, { body, accept });
		try {
			const response = await ask(path, { body, signal: running.signal });
			const text = response.ok ? await response.text() : await problemOf(response);
			if (running.signal.aborted)
				return;
			response.ok ? showPage(text) : showProblem(text);
		} catch (fault) {
			if (state.running !== running && fault.name === "AbortError")
				return;
			showProblem(fault.name === "AbortError" ? say("cancelled") : say("unreachable"));
		} finally {
			if (state.running === running)
				stop();
		}
	};

	/* --- the input --- */
	const take = (input) => {
		if (input.size === 0)
			return refuse("empty");
		if (input.size > BODY_SIZE_MAX && !alone)
			return refuse("tooLarge");
		state.input = input;
		if (state.view === "verify")
			return run("asking", `api/verify?${fieldsOf("form-verify")}`, input);
		if (state.view !== "why") {
			history.pushState(null, "", "#why");
			show("why");
		}
		return run("reading", "api/why", input);
	};
	const refuse = (key) => {
		by("result").hidden = false;
		showProblem(say(key));
	};
	const fieldsOf = (form) => {
		const query = new URLSearchParams();
		for (const [name, value] of new FormData(by(form)))
			if (typeof value === "string" && value.trim() !== "")
				query.append(name, value.trim());
		return query;
	};
	const takeText = (text) => take(new Blob([text], { type: "text/plain" }));

	/* --- keeping --- */
	const keep = (name, type, bytes) => {
		const link = document.createElement("a");
		link.href = URL.createObjectURL(new Blob([bytes], { type }));
		link.download = name;
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 60000);
	};
	const verdicts = async () => {
		const response = await state.again("application/jsonl");
		if (!response.ok)
			throw new Error(await problemOf(response));
		return response.text();
	};
	/* What a spreadsheet would take for a formula is text. RFC 4180 */
	const cell = (value) => {
		const text = String(value ?? "").replace(/[\r\n\0]+/g, " ");
		const tame = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
		return /[",]/.test(tame) || tame !== text ? `"${tame.replaceAll('"', '""')}"` : tame;
	};
	const csvOf = (lines) => {
		const rows = [["recipient", "suppress", "cause", "permanence", "receiver", "title"]];
		for (const line of lines.split("\n").filter(Boolean)) {
			const v = JSON.parse(line);
			rows.push([v.recipient, v.suppress?.when, v.cause, v.permanence, v.receiver, v.title?.[state.lang]]);
		}
		return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
	};
	const keepAs = (how) => async () => {
		try {
			if (how === "html")
				keep("todoku.html", "text/html", state.html);
			else if (how === "csv")
				keep("todoku.csv", "text/csv", `\ufeff${csvOf(await verdicts())}`);
			else
				keep("todoku.jsonl", "application/jsonl", await verdicts());
		} catch (fault) {
			tell(fault.message);
		}
	};

	/* --- codes --- */
	const holds = (element, wanted) => wanted.every((word) => element.textContent.toLowerCase().includes(word));
	const wantedOf = (input) => input.value.toLowerCase().split(/\s+/).filter(Boolean);
	const search = () => {
		const wanted = wantedOf(by("search"));
		let n = 0;
		for (const code of by("codes").querySelectorAll(".code")) {
			code.hidden = !holds(code, wanted);
			n += !code.hidden && code.closest(".say").lang === state.lang;
		}
		for (const head of by("codes").querySelectorAll("h3")) {
			let next = head.nextElementSibling;
			while (next?.matches(".code[hidden]"))
				next = next.nextElementSibling;
			head.hidden = !next?.matches(".code");
		}
		by("found").textContent = by("codes").childElementCount ? say("found", n) : "";
	};
	const loadReceivers = async () => {
		const response = await ask("api/codes?receiver=", { accept: "application/jsonl" });
		if (!response.ok)
			return;
		const chosen = by("receiver").value;
		by("receiver").replaceChildren(...(await response.text()).split("\n").filter(Boolean).map((line) => {
			const receiver = JSON.parse(line), option = document.createElement("option");
			option.value = receiver.receiver;
			option.textContent = `${receiver.title[state.lang]} (${receiver.replies})`;
			return option;
		}));
		by("receiver").value = chosen;
	};
	const loadCodes = async () => {
		const name = by("receiver").value || "google";
		if (by("codes").dataset.receiver === name)
			return;
		const response = await ask(`api/codes?receiver=${encodeURIComponent(name)}`).catch(() => null);
		if (!response?.ok)
			return;
		by("codes").replaceChildren(...partsOf(await response.text()));
		by("codes").dataset.receiver = name;
		search();
		if (by("receiver").options.length < 2)
			loadReceivers().catch(() => {});
	};

	/* --- hands --- */
	const filter = () => {
		const wanted = wantedOf(by("filter"));
		for (const row of by("output").querySelectorAll("table.many tbody tr, article.card"))
			row.hidden = !holds(row, wanted);
	};
	const takeDropped = (data) => {
		if (data.files.length > 0)
			return take(data.files[0]);
		const text = data.getData("text/plain");
		return text && takeText(text);
	};
	const listen = (id, kind, hand) => by(id).addEventListener(kind, hand);
	const submitted = (hand) => (event) => {
		event.preventDefault();
		hand();
	};
	const start = () => {
		listen("language", "click", () => setLanguage(state.lang === "ja" ? "en" : "ja"));
		listen("form-why", "submit", submitted(() => takeText(by("text-why").value)));
		listen("form-verify", "submit", submitted(() => takeText(by("text-verify").value)));
		listen("form-check", "submit", submitted(() => run("asking", `api/check?${fieldsOf("form-check")}`)));
		listen("form-codes", "submit", submitted(search));
		for (const view of ["why", "verify"]) {
			listen(`file-${view}`, "change", (event) => event.target.files[0] && take(event.target.files[0]));
			listen(`text-${view}`, "keydown", (event) => {
				if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
					by(`form-${view}`).requestSubmit();
			});
		}
		for (const button of document.querySelectorAll("[data-example]"))
			button.addEventListener("click", async () => {
				const text = await (await fetch(`examples/${button.dataset.example}`)).text();
				by("text-why").value = text;
				takeText(text);
			});
		listen("cancel", "click", () => {
			stop();
			showProblem(say("cancelled"));
		});
		for (const how of ["html", "csv", "json"])
			listen(`keep-${how}`, "click", keepAs(how));
		listen("filter", "input", filter);
		listen("search", "input", search);
		listen("receiver", "change", loadCodes);
		addEventListener("hashchange", () => show(location.hash.slice(1)));
		addEventListener("paste", (event) => {
			if (!event.target.closest?.("input, textarea"))
				takeDropped(event.clipboardData);
			else if (event.clipboardData.files.length > 0)
				take(event.clipboardData.files[0]);
		});
		let over = 0;
		addEventListener("dragenter", () => { by("over").hidden = ++over === 0; });
		addEventListener("dragleave", () => { by("over").hidden = --over === 0; });
		addEventListener("dragover", (event) => event.preventDefault());
		addEventListener("drop", (event) => {
			event.preventDefault();
			over = 0;
			by("over").hidden = true;
			takeDropped(event.dataTransfer);
		});
		for (const link of document.querySelectorAll("nav a"))
			link.hidden = !VIEWS.includes(link.dataset.view);
		if (alone) {
			beginEngine();
			navigator.serviceWorker?.register("offline.js").catch(() => {}); /* where it is not allowed the page needs the network */
		}
		setLanguage(remembered() ?? (navigator.language.startsWith("ja") ? "ja" : "en"));
		show(location.hash.slice(1));
	};
	start();
})();

#include "render/html_page.h"

#include "render/html.h"

static const char *const codes[LANG_COUNT] = { "en", "ja" };

static void
put_switch(struct out *out, enum lang shown)
{
	static const char *const names[LANG_COUNT] = { "English", "日本語" };

	for (enum lang l = LANG_COUNT; l-- > 0;) {
		out_str(out, "<input type=\"radio\" name=\"lang\" class=\"lang\" id=\"lang-");
		out_str(out, codes[l]);
		out_str(out, l == shown ? "\" checked>" : "\">");
		out_str(out, "<label for=\"lang-");
		out_str(out, codes[l]);
		out_str(out, "\" lang=\"");
		out_str(out, codes[l]);
		out_str(out, "\">");
		out_str(out, names[l]);
		out_str(out, "</label>\n");
	}
}

void
html_page_begin(struct out *out, enum lang lang, struct span title)
{
	out_str(out, "<!doctype html>\n<html lang=\"");
	out_str(out, codes[lang]);
	out_str(out,
	    "\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	html_put_text(out, title);
	out_str(out, "</title>\n<style>\n");
	out_str(out, html_style);
	out_str(out, "</style>\n</head>\n<body class=\"report\">\n");
	put_switch(out, lang);
	out_str(out, "<main>\n");
}

void
html_page_end(struct out *out)
{
	out_str(out, "</main>\n</body>\n</html>\n");
}

void
html_say_begin(struct out *out, enum lang lang)
{
	out_str(out, "<section class=\"say\" lang=\"");
	out_str(out, codes[lang]);
	out_str(out, "\">\n");
}

void
html_say_end(struct out *out)
{
	out_str(out, "</section>\n");
}

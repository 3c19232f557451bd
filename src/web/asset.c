#include "web/asset.h"

extern const char html_style[], page_index[], page_css[], page_js[], page_icon[], example_spf[], example_dmarc[],
    example_none[], example_unknown[], example_full[], example_log[];
extern const size_t html_style_size, page_index_size, page_css_size, page_js_size, page_icon_size, example_spf_size,
    example_dmarc_size, example_none_size, example_unknown_size, example_full_size, example_log_size;

static const char text[] = "text/plain; charset=utf-8", css[] = "text/css; charset=utf-8";

static const struct asset assets[] = {
	{ "/", "text/html; charset=utf-8", page_index, &page_index_size },
	{ "/page.css", css, page_css, &page_css_size },
	{ "/base.css", css, html_style, &html_style_size },
	{ "/page.js", "text/javascript; charset=utf-8", page_js, &page_js_size },
	{ "/icon.svg", "image/svg+xml", page_icon, &page_icon_size },
	{ "/examples/gmail-spf-hard-fail.eml", text, example_spf, &example_spf_size },
	{ "/examples/gmail-dmarc-reject.eml", text, example_dmarc, &example_dmarc_size },
	{ "/examples/gmail-no-authentication.eml", text, example_none, &example_none_size },
	{ "/examples/gmail-no-such-user.eml", text, example_unknown, &example_unknown_size },
	{ "/examples/gmail-mailbox-full-552.eml", text, example_full, &example_full_size },
	{ "/examples/postfix.log", text, example_log, &example_log_size },
};

const struct asset *
asset_find(struct span path)
{
	for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++)
		if (span_equal(path, span_of(assets[i].path)))
			return &assets[i];
	return NULL;
}

#include "render/form.h"

static const struct {
	const char *token, *says[LANG_COUNT];
} forms[] = { { "no-from", { "no From:", "From がない" } },
	{ "several-from", { "From: more than once", "From が複数ある" } },
	{ "several-authors", { "several addresses in From:", "From に複数のアドレス" } },
	{ "from-unreadable", { "no address in From:", "From にアドレスがない" } },
	{ "no-date", { "no Date:", "Date がない" } }, { "no-message-id", { "no Message-ID:", "Message-ID がない" } },
	{ "bad-message-id", { "a Message-ID that is none", "Message-ID の形式が正しくない" } },
	{ "long-message-id", { "a Message-ID over 500 bytes", "Message-ID が 500 バイトを超える" } },
	{ "duplicate", { "more than once:", "重複しているヘッダー:" } },
	{ "encoded-word", { "an encoded-word where none may stand, in", "encoded-word を使えない場所で使用:" } },
	{ "raw-8bit", { "bytes that are not ASCII in", "ASCII 以外のバイトを含むヘッダー:" } },
	{ "nul", { "a NUL byte", "NUL バイト" } }, { "bare-cr", { "CR without LF", "LF のない CR" } },
	{ "bare-lf", { "LF without CR", "CR のない LF" } },
	{ "long-line", { "a line over 998 bytes", "998 バイトを超える行" } },
	{ "bad-field", { "a line in the header that is no field", "ヘッダーの中にフィールドでない行" } },
	{ "header-size", { "a header over 500 KB", "ヘッダーが 500 KB を超える" } },
	{ "too-many-fields", { "more than 5,000 header fields", "ヘッダーが 5,000 個を超える" } },
	{ "value-size", { "over 32 KB:", "32 KB を超えるヘッダー:" } },
	{ "subject-size", { "a Subject over 998 bytes", "Subject が 998 バイトを超える" } },
	{ "hops", { "more than 50 Received:", "Received が 50 個を超える" } } };

const char *
form_words(const char *token, enum lang lang)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].token, token) == 0)
			return forms[i].says[lang];
	return token;
}

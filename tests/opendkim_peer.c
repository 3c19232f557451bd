/*
 * libopendkim as the other side: verifies what we signed, signs what we verify.
 *
 *	opendkim_peer verify KEY-RECORD-FILE MESSAGE...		"pass" or "fail", a line each
 *	opendkim_peer sign PEM-FILE DOMAIN SELECTOR HEADER BODY MESSAGE...	writes MESSAGE.signed; 0 simple, 1 relaxed
 */
#include <sys/types.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opendkim/dkim.h>

static char *key_record;

static char *
read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(1 << 22);

	if (f == NULL || text == NULL)
		exit(2);
	*len = fread(text, 1, (1 << 22) - 1, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

static DKIM_CBSTAT
look_up(DKIM *dkim, DKIM_SIGINFO *sig, unsigned char *to, size_t size)
{
	(void)dkim;
	(void)sig;
	snprintf((char *)to, size, "%s", key_record);
	return DKIM_CBSTAT_CONTINUE;
}

static bool
feed(DKIM *dkim, char *text, size_t len)
{
	char *end = strstr(text, "\r\n\r\n");

	if (end == NULL)
		return false;
	return dkim_chunk(dkim, (unsigned char *)text, len) == DKIM_STAT_OK &&
	    dkim_chunk(dkim, NULL, 0) == DKIM_STAT_OK;
}

static bool
verify(DKIM_LIB *lib, const char *path)
{
	DKIM_STAT status;
	size_t len;
	char *text = read_file(path, &len);
	DKIM *dkim = dkim_verify(lib, (unsigned char *)"x", NULL, &status);
	bool good = dkim != NULL && feed(dkim, text, len), again = false;

	good = good && dkim_eom(dkim, &again) == DKIM_STAT_OK;
	dkim_free(dkim);
	free(text);
	return good;
}

static bool
sign(DKIM_LIB *lib, char **argv, char *key, const char *path)
{
	DKIM_STAT status;
	size_t len, header_len;
	char *text = read_file(path, &len), name[4096];
	unsigned char *header;
	DKIM *dkim = dkim_sign(lib, (unsigned char *)"x", NULL, (unsigned char *)key, (unsigned char *)argv[1],
	    (unsigned char *)argv[0], atoi(argv[2]) ? DKIM_CANON_RELAXED : DKIM_CANON_SIMPLE,
	    atoi(argv[3]) ? DKIM_CANON_RELAXED : DKIM_CANON_SIMPLE, DKIM_SIGN_RSASHA256, -1, &status);
	bool good = dkim != NULL && feed(dkim, text, len) && dkim_eom(dkim, NULL) == DKIM_STAT_OK &&
	    dkim_getsighdr_d(dkim, strlen("DKIM-Signature: "), &header, &header_len) == DKIM_STAT_OK;
	FILE *f;

	snprintf(name, sizeof(name), "%s.signed", path);
	f = good ? fopen(name, "wb") : NULL;
	if (f != NULL) {
		fputs("DKIM-Signature: ", f);
		for (size_t i = 0; i < header_len; i++) {
			if (header[i] == '\n' && (i == 0 || header[i - 1] != '\r'))
				fputc('\r', f);
			fputc(header[i], f);
		}
		fputs("\r\n", f);
		fwrite(text, 1, len, f);
		fclose(f);
	}
	dkim_free(dkim);
	free(text);
	return f != NULL;
}

int
main(int argc, char **argv)
{
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	size_t len;

	if (lib == NULL || argc < 4)
		return 2;
	dkim_set_key_lookup(lib, look_up);
	key_record = read_file(argv[2], &len);
	if (strcmp(argv[1], "verify") == 0)
		for (int i = 3; i < argc; i++)
			puts(verify(lib, argv[i]) ? "pass" : "fail");
	else
		for (int i = 7; i < argc; i++)
			puts(sign(lib, argv + 3, key_record, argv[i]) ? "signed" : "failed");
	dkim_close(lib);
	return 0;
}

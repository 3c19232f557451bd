/*
 * Runs a fuzzer's entry point over its seeds, without a fuzzer: what was once
 * found, and what reaches deep, is tested by every build.
 *
 *	replay FOLDER		TAP, a line a seed
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { SEED_SIZE_MAX = 1 << 20 };

static int
replay(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *bytes;
	size_t len = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	bytes = malloc(SEED_SIZE_MAX);
	if (f != NULL && bytes != NULL) {
		len = fread(bytes, 1, SEED_SIZE_MAX, f);
		bytes = len > 0 ? realloc(bytes, len) : bytes; /* so that a read behind its end is seen */
		LLVMFuzzerTestOneInput(bytes, len);
	}
	printf("%sok - %s\n", f != NULL ? "" : "not ", name);
	if (f != NULL)
		fclose(f);
	free(bytes);
	return f == NULL;
}

int
main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *e;
	int n = 0, failed = 0;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.') {
			failed += replay(argv[1], e->d_name);
			n++;
		}
	if (dir != NULL)
		closedir(dir);
	if (n == 0)
		printf("not ok - %s holds no seed\n", argc == 2 ? argv[1] : "(no folder)");
	return n == 0 || failed > 0;
}

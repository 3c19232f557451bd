#include "intake/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "intake/decompress.h"
#include "intake/log_reader.h"
#include "intake/document.h"
#include "grammar/json.h"
#include "message/mbox.h"

enum { READ_SIZE = 64 * 1024, NAMES_SORTED_MAX = 65536 };

/* A stream with the bytes read of it and not yet used: buf[start, len). */
struct stream {
	struct input *in;
	const char *name;
	input_read_fn *read;
	void *from;
	int fd; /* what is compressed is unpacked from here; -1: not from this source */
	char *buf;
	size_t start, len, size;
	uint64_t at; /* offset of buf[start] in the stream */
	uint64_t line; /* number of the line there */
	uint64_t message;
	bool ended, cr_lines, unpacked;
};

static void
tell(struct input *in, const char *name, const char *what)
{
	in->tell(in->context, name, what);
}

static struct span
unused(const struct stream *s)
{
	return (struct span){ s->buf + s->start, s->len - s->start };
}

static void
make_room(struct stream *s, size_t room)
{
	if (s->start > 0 && s->size - s->len < room) {
		memmove(s->buf, s->buf + s->start, s->len - s->start);
		s->len -= s->start;
		s->start = 0;
	}
	if (s->size - s->len < room) {
		size_t size = s->size * 2 > s->len + room ? s->size * 2 : s->len + room;
		s->buf = memory_resize(s->buf, size);
		s->size = size;
	}
}

static ssize_t
read_fd(void *from, char *to, size_t size)
{
	const int *fd = from;
	ssize_t n;

	do
		n = read(*fd, to, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Reads more; false at the end, or where reading fails (which is told). */
static bool
read_more(struct stream *s)
{
	ssize_t n;

	if (s->ended)
		return false;
	make_room(s, READ_SIZE);
	n = s->read(s->from, s->buf + s->len, s->size - s->len);
	if (n < 0) {
		tell(s->in, s->name, strerror(errno));
		s->in->n_failed_reads++;
	}
	if (n <= 0) {
		s->ended = true;
		return false;
	}
	if (s->cr_lines)
		for (ssize_t i = 0; i < n; i++)
			if (s->buf[s->len + (size_t)i] == '\r')
				s->buf[s->len + (size_t)i] = '\n';
	s->len += (size_t)n;
	s->in->advance(s->in->context, 0, (uint64_t)n);
	return true;
}

static uint64_t
count_lines(struct span s)
{
	uint64_t n = 0;

	for (size_t i; (i = span_index(s, '\n')) < s.len; s = span_skip(s, i + 1))
		n++;
	return n;
}

static void
use(struct stream *s, size_t n)
{
	s->line += count_lines((struct span){ s->buf + s->start, n });
	s->at += n;
	s->start += n;
}

static void
hand_in(struct input *in)
{
	struct batch *b = in->batch;

	in->batch = NULL;
	if (b == NULL)
		return;
	b->number = in->n_batches++;
	if (!pool_hand_in(in->pool, b))
		in->stop = true;
}

static void
keep(struct input *in, struct span *s)
{
	if (s->len > 0)
		*s = arena_copy(&in->batch->bytes, *s);
}

static void
add_work(struct input *in, struct work w)
{
	if (in->batch == NULL)
		in->batch = batch_create();
	w.bytes = arena_copy(&in->batch->bytes, w.bytes);
	if (in->batch->n == 0 || strcmp(w.file, in->file) != 0)
		in->file = arena_copy(&in->batch->bytes, span_of(w.file)).at;
	w.file = in->file;
	keep(in, &w.log.sender);
	keep(in, &w.log.message_id);
	keep(in, &w.log.recipient);
	keep(in, &w.log.queue_id);
	keep(in, &w.log.heading);
	keep(in, &w.log.milter);
	in->batch->size += w.bytes.len;
	in->batch->works[in->batch->n++] = w;
	if (in->batch->n == BATCH_WORKS_MAX || in->batch->size >= BATCH_SIZE)
		hand_in(in);
}

void
input_end(struct input *in)
{
	hand_in(in);
}

/* Everything up to the end of the stream, as one work. */
static void
read_whole(struct stream *s, enum work_kind kind)
{
	while (s->len - s->start < MESSAGE_SIZE_MAX && read_more(s))
		;
	if (!s->ended)
		tell(s->in, s->name, "longer than 64 MB: read so far");
	add_work(
	    s->in, (struct work){ .kind = kind, .file = s->name, .line = s->line, .byte = s->at, .bytes = unused(s) });
}

/* Skips to where the next message begins, keeping little in memory. */
static void
skip_message(struct stream *s)
{
	size_t from = 0, end;

	while (!mbox_find_end(unused(s), &from, &end)) {
		size_t keep = s->len - s->start > 4096 ? 4096 : s->len - s->start;

		use(s, s->len - s->start - keep);
		from = 0;
		if (!read_more(s)) {
			use(s, s->len - s->start);
			return;
		}
	}
	use(s, end);
}

static void
read_mbox(struct stream *s)
{
	while (!s->in->stop && (s->len > s->start || read_more(s))) {
		size_t from = 0, end;
		bool whole = false;

		while (!(whole = mbox_find_end(unused(s), &from, &end)))
			if (s->len - s->start >= MESSAGE_SIZE_MAX || !read_more(s))
				break;
		if (!whole)
			end = s->len - s->start;
		s->message++;
		add_work(s->in,
		    (struct work){ .kind = WORK_MESSAGE,
			.file = s->name,
			.message = s->message,
			.line = s->line,
			.byte = s->at,
			.bytes = span_first(unused(s), end) });
		use(s, end);
		if (!whole && !s->ended) {
			tell(s->in, s->name, "a message longer than 64 MB: read so far");
			skip_message(s);
		}
	}
}

/* The next line; the last one may lack its end, and a very long one is cut. */
static bool
next_line(struct stream *s, struct span *line, size_t *size)
{
	size_t looked = 0;

	for (;;) {
		struct span u = unused(s);
		size_t n = looked + span_index(span_skip(u, looked), '\n');

		if (n < u.len || (s->ended && u.len > 0) || u.len >= LINE_SIZE_MAX) {
			*size = n < u.len ? n + 1 : u.len;
			*line = span_first(u, n);
			if (line->len > 0 && line->at[line->len - 1] == '\r')
				line->len--;
			return true;
		}
		looked = u.len;
		if (!read_more(s) && u.len == 0)
			return false;
	}
}

static void
hand_on(void *context, struct work w)
{
	add_work(context, w);
}

static void
read_log(struct stream *s)
{
	struct log_reader reader = { .hand_on = hand_on, .context = s->in, .file = s->name, .final = s->in->final };
	struct span line;
	size_t size;

	log_reader_init(&reader);
	while (!s->in->stop && next_line(s, &line, &size)) {
		log_reader_take(&reader, line, s->line, s->at);
		s->line++;
		s->at += size;
		s->start += size;
	}
	log_reader_end(&reader);
}

/* JSON Lines one by one, so that an export of any length is a stream; else all of it. */
static void
read_events(struct stream *s)
{
	struct span first, value;
	size_t size;

	if (!next_line(s, &first, &size) || !json_take_value(&first, &value) || first.len > 0) {
		read_whole(s, WORK_EVENTS);
		return;
	}
	while (!s->in->stop && next_line(s, &first, &size)) {
		add_work(s->in,
		    (struct work){
			.kind = WORK_EVENTS, .file = s->name, .line = s->line, .byte = s->at, .bytes = first });
		s->line++;
		s->at += size;
		s->start += size;
	}
}

static void
turn_cr_into_lf(struct stream *s)
{
	s->cr_lines = true;
	for (size_t i = s->start; i < s->len; i++)
		if (s->buf[i] == '\r')
			s->buf[i] = '\n';
}

static void read_by_content(struct stream *s);

static void
read_compressed(struct stream *s)
{
	struct stream inner = { .in = s->in, .name = s->name, .line = 1, .unpacked = true };
	struct decompressor d;
	struct out words = { 0 };
	const char *fault;
	uint64_t at;

	if (s->unpacked || s->fd < 0 || decompress_format_of(unused(s)) == DECOMPRESS_NONE ||
	    !decompress_start(&d, s->fd, unused(s))) {
		tell(s->in, s->name,
		    s->unpacked ? "compressed twice; unpack it first"
				: "compressed in a way not known here; unpack it first");
		s->in->n_unreadable++;
		return;
	}
	inner.fd = d.out;
	inner.read = read_fd;
	inner.from = &inner.fd;
	read_by_content(&inner);
	memory_free(inner.buf);
	fault = decompress_finish(&d, &at);
	if (fault == NULL)
		return;
	out_str(&words, fault);
	out_str(&words, " (near byte ");
	out_number(&words, at);
	out_str(&words, ")");
	out_char(&words, '\0');
	tell(s->in, s->name, words.at);
	out_deinit(&words);
	s->in->n_failed_reads++;
}

static void
tell_foreign(struct stream *s, enum outcome what)
{
	add_work(s->in, (struct work){ .kind = WORK_FOREIGN, .file = s->name, .bytes = { "", 0 }, .foreign = what });
}

static void
read_by_content(struct stream *s)
{
	enum document_kind kind;

	while (s->len < DOCUMENT_LOOK_SIZE && read_more(s))
		;
	if (document_has_cr_lines(unused(s)))
		turn_cr_into_lf(s);
	kind = document_recognise(unused(s));
	if (kind == DOCUMENT_MBOX || kind == DOCUMENT_MESSAGE || kind == DOCUMENT_REPORT)
		use(s, document_blank_front(unused(s)));
	switch (kind) {
	case DOCUMENT_MBOX: read_mbox(s); break;
	case DOCUMENT_LOG: read_log(s); break;
	case DOCUMENT_MESSAGE: read_whole(s, WORK_MESSAGE); break;
	case DOCUMENT_REPORT: read_whole(s, WORK_REPORT); break;
	case DOCUMENT_EVENTS: read_events(s); break;
	case DOCUMENT_TEXT: read_whole(s, WORK_TEXT); break;
	case DOCUMENT_BINARY: tell_foreign(s, OUTCOME_BINARY); break;
	case DOCUMENT_PDF: tell_foreign(s, OUTCOME_PDF); break;
	case DOCUMENT_OUTLOOK_MSG: tell_foreign(s, OUTCOME_OUTLOOK_MSG); break;
	case DOCUMENT_COMPRESSED: read_compressed(s); break;
	case DOCUMENT_EMPTY: break;
	}
}

void
input_read_from(struct input *in, input_read_fn *from, void *context, const char *name)
{
	struct stream s = { .in = in, .name = name, .read = from, .from = context, .fd = -1, .line = 1 };

	in->n_files++;
	read_by_content(&s);
	memory_free(s.buf);
}

void
input_read_stream(struct input *in, int fd, const char *name)
{
	struct stream s = { .in = in, .name = name, .read = read_fd, .from = &fd, .fd = fd, .line = 1 };

	in->n_files++;
	read_by_content(&s);
	in->advance(in->context, 1, 0);
	memory_free(s.buf);
}

void
input_read_text(struct input *in, struct span text, const char *name)
{
	struct stream s = { .in = in, .name = name, .fd = -1, .line = 1, .ended = true };

	in->n_files++;
	make_room(&s, text.len + 1);
	if (s.buf != NULL)
		memcpy(s.buf, text.at, text.len);
	s.len = text.len;
	read_by_content(&s);
	memory_free(s.buf);
}

static void
cannot_read(struct input *in, const char *path)
{
	tell(in, path, strerror(errno));
	in->n_unreadable++;
}

static void read_path(struct input *in, const char *path, unsigned depth);

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Reads what a folder holds, in the order of the names, some thousands at a time. */
static void
read_names(struct input *in, const char *path, char **names, size_t n, unsigned depth)
{
	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 0; i < n; i++) {
		char *child;

		if (!in->stop && asprintf(&child, "%s/%s", path, names[i]) > 0) {
			read_path(in, child, depth + 1);
			free(child);
		}
		free(names[i]);
	}
}

static void
read_folder(struct input *in, const char *path, unsigned depth)
{
	DIR *dir = depth < FOLDER_DEPTH_MAX ? opendir(path) : (errno = ELOOP, NULL);
	char **names = dir ? calloc(NAMES_SORTED_MAX, sizeof(*names)) : NULL;
	struct dirent *e;
	size_t n = 0;

	if (names == NULL) {
		cannot_read(in, path);
		if (dir != NULL)
			closedir(dir);
		return;
	}
	while (!in->stop && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.' || (names[n] = strdup(e->d_name)) == NULL)
			continue;
		if (++n == NAMES_SORTED_MAX) {
			read_names(in, path, names, n, depth);
			n = 0;
		}
	}
	read_names(in, path, names, n, depth);
	free(names);
	closedir(dir);
}

static void
read_path(struct input *in, const char *path, unsigned depth)
{
	/* Within a folder a pipe would be waited for, and a link may lead out of it or round in a circle. */
	const int within = depth > 0 ? O_NONBLOCK | O_NOFOLLOW : 0;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | within);

	if (fd < 0 && depth > 0 && errno == ELOOP) {
		tell(in, path, "a symbolic link within a folder: not followed");
		in->n_unreadable++;
	} else if (fd < 0 && depth > 0 && errno == ENXIO) {
		; /* a socket */
	} else if (fd < 0 || fstat(fd, &st) != 0) {
		cannot_read(in, path);
	} else if (S_ISDIR(st.st_mode)) {
		read_folder(in, path, depth);
	} else if (depth > 0 && !S_ISREG(st.st_mode)) {
		; /* sockets, pipes and devices within folders are not mail */
	} else {
		input_read_stream(in, fd, path);
	}
	if (fd >= 0)
		close(fd);
}

void
input_read_path(struct input *in, const char *path)
{
	read_path(in, path, 0);
}

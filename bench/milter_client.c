/*
 * An MTA that hands one message over and over to a milter: how many a second
 * it takes.
 *
 *	milter_client SOCKET CONNECTIONS MESSAGES FILE [IP]
 *	→ messages a second, median and 99th percentile of the answer in milliseconds
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/out.h"
#include "message/header.h"

enum { A_CONNECTION = 100 /* messages */, CHUNK = 65535, FILE_SIZE_MAX = 16 * 1024 * 1024, CONNECTIONS_MAX = 64 };
enum { ACTIONS = 0x1ff, EVENTS = 0x1fffff, BLANKS = 0x100000 };

struct run {
	const char *path, *ip;
	struct span header, body; /* lines end in CRLF */
	size_t messages;
	double *seconds; /* of each answer */
	pthread_t thread;
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static void
put_integer(struct out *out, uint32_t n)
{
	const uint32_t wire = htonl(n);

	out_span(out, (struct span){ (const char *)&wire, sizeof(wire) });
}

static void
put_packet(struct out *out, char letter, struct span data)
{
	put_integer(out, (uint32_t)data.len + 1);
	out_char(out, letter);
	out_span(out, data);
}

static void
flush(int fd, struct out *out)
{
	for (size_t at = 0; at < out->len;) {
		const ssize_t n = write(fd, out->at + at, out->len - at);

		if (n <= 0)
			fail("write");
		at += (size_t)n;
	}
	out_clear(out);
}

static void
take(int fd, char *to, size_t len)
{
	while (len > 0) {
		const ssize_t n = read(fd, to, len);

		if (n <= 0)
			fail("read");
		to += n;
		len -= (size_t)n;
	}
}

/* The letter of the next packet; its data is in `in`. */
static char
receive(int fd, struct out *in)
{
	uint32_t wire;

	take(fd, (char *)&wire, sizeof(wire));
	out_clear(in);
	take(fd, out_room(in, ntohl(wire)), ntohl(wire));
	in->len = ntohl(wire);
	return in->at[0];
}

struct connection {
	int fd;
	struct out to, from;
	uint32_t events; /* as agreed */
};

static const struct step {
	char letter;
	uint32_t unsent, unanswered;
} steps[] = { { 'C', 0x1, 0x1000 }, { 'H', 0x2, 0x2000 }, { 'M', 0x4, 0x4000 }, { 'R', 0x8, 0x8000 },
	{ 'T', 0x200, 0x10000 }, { 'L', 0x20, 0x80 }, { 'N', 0x40, 0x40000 }, { 'B', 0x10, 0x80000 } };

static void
tell(struct connection *c, char letter, struct span data)
{
	const struct step *s = steps;

	while (s->letter != letter)
		s++;
	if (c->events & s->unsent)
		return;
	put_packet(&c->to, letter, data);
	if (c->events & s->unanswered)
		return;
	flush(c->fd, &c->to);
	receive(c->fd, &c->from);
}

static void
greet(struct connection *c, const struct run *r)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct out data = { 0 };

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", r->path);
	c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&un, sizeof(un)) != 0)
		fail(r->path);
	put_integer(&data, 6);
	put_integer(&data, ACTIONS);
	put_integer(&data, EVENTS);
	put_packet(&c->to, 'O', out_view(&data));
	flush(c->fd, &c->to);
	receive(c->fd, &c->from);
	memcpy(&c->events, c->from.at + 9, sizeof(c->events));
	c->events = ntohl(c->events);
	put_packet(&c->to, 'D', (struct span){ "Cj\0mx.example.com\0{daemon_name}\0smtpd\0", 38 });
	out_clear(&data);
	out_span(&data, (struct span){ "mail.example.jp\0004\0\x19", 19 });
	out_span(&data, (struct span){ r->ip, strlen(r->ip) + 1 });
	tell(c, 'C', out_view(&data));
	tell(c, 'H', (struct span){ "mail.example.jp", 16 });
	out_deinit(&data);
}

static void
tell_field(struct connection *c, const struct header_field *f, struct out *data)
{
	const size_t colon = span_index(f->whole, ':');
	struct span value = span_skip(f->whole, colon + 1);

	if (!(c->events & BLANKS) && value.len > 0 && value.at[0] == ' ')
		value = span_skip(value, 1);
	out_clear(data);
	out_span(data, f->name);
	out_char(data, '\0');
	for (size_t i = 0; i + 2 < value.len; i++)
		if (value.at[i] != '\r')
			out_char(data, value.at[i]);
	out_char(data, '\0');
	tell(c, 'L', out_view(data));
}

static void
send_message(struct connection *c, const struct run *r, struct out *data)
{
	struct span rest = r->header, body = r->body;
	struct header_field f;

	put_packet(&c->to, 'D', (struct span){ "Mi\0ABCDEF1234\0{mail_addr}\0shop@example.jp\0", 42 });
	tell(c, 'M', (struct span){ "<shop@example.jp>", 18 });
	tell(c, 'R', (struct span){ "<taro@example.com>", 19 });
	tell(c, 'T', (struct span){ "", 0 });
	while (header_take_field(&rest, &f))
		tell_field(c, &f, data);
	tell(c, 'N', (struct span){ "", 0 });
	for (; body.len > 0; body = span_skip(body, body.len < CHUNK ? body.len : CHUNK))
		tell(c, 'B', span_first(body, CHUNK));
	put_packet(&c->to, 'E', (struct span){ "", 0 });
	flush(c->fd, &c->to);
	while (strchr("ca", receive(c->fd, &c->from)) == NULL)
		if (strchr("rty", c->from.at[0]) != NULL)
			fail("the message was refused");
}

static void *
blast(void *context)
{
	const struct run *r = context;
	struct out data = { 0 };

	for (size_t i = 0; i < r->messages;) {
		struct connection c = { .fd = -1 };

		greet(&c, r);
		for (size_t k = 0; k < A_CONNECTION && i < r->messages; k++, i++) {
			const double began = seconds();

			send_message(&c, r, &data);
			r->seconds[i] = seconds() - began;
		}
		put_packet(&c.to, 'Q', (struct span){ "", 0 });
		flush(c.fd, &c.to);
		close(c.fd);
		out_deinit(&c.to);
		out_deinit(&c.from);
	}
	out_deinit(&data);
	return NULL;
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static char bytes[FILE_SIZE_MAX];
	struct run runs[CONNECTIONS_MAX];
	const size_t n = argc > 4 ? strtoul(argv[2], NULL, 10) : 0, messages = n ? strtoul(argv[3], NULL, 10) / n : 0;
	FILE *f = n > 0 && n <= CONNECTIONS_MAX && messages > 0 ? fopen(argv[4], "rb") : NULL;
	double *taken = calloc(n * messages + 1, sizeof(*taken)), began;
	struct run all = { .path = argv[1], .ip = argc > 5 ? argv[5] : "192.0.2.25", .messages = messages };

	if (f == NULL || taken == NULL)
		fail("milter_client SOCKET CONNECTIONS MESSAGES FILE [IP]");
	header_split((struct span){ bytes, fread(bytes, 1, sizeof(bytes), f) }, &all.header, &all.body);
	fclose(f);
	began = seconds();
	for (size_t i = 0; i < n; i++) {
		runs[i] = all;
		runs[i].seconds = taken + i * messages;
		if (pthread_create(&runs[i].thread, NULL, blast, &runs[i]) != 0)
			fail("pthread_create");
	}
	for (size_t i = 0; i < n; i++)
		pthread_join(runs[i].thread, NULL);
	printf("%.0f", (double)(n * messages) / (seconds() - began));
	qsort(taken, n * messages, sizeof(*taken), compare);
	printf(" %.3f %.3f\n", taken[n * messages / 2] * 1e3, taken[n * messages * 99 / 100] * 1e3);
	free(taken);
	return 0;
}

#include "gate/gate.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

void
gate_init(struct gate *g)
{
	*g = (struct gate){ .size_limit = SMTP_SIZE_LIMIT };
	counters_init(&g->counters);
	store_init(&g->store);
	pthread_mutex_init(&g->log, NULL);
	pthread_rwlock_init(&g->rules, NULL);
}

void
gate_deinit(struct gate *g)
{
	SSL_CTX_free(g->tls);
	counters_deinit(&g->counters);
	store_deinit(&g->store);
	arena_deinit(&g->mailboxes_arena);
	pthread_mutex_destroy(&g->log);
	pthread_rwlock_destroy(&g->rules);
}

bool
gate_set_rules(struct gate *g, struct span text, struct mailbox_fault *fault)
{
	struct arena arena = { 0 };
	const struct span copy = arena_copy(&arena, text);
	struct mailboxes all;

	if (!mailboxes_read(&arena, g->catalog, copy, &all, fault)) {
		if (fault->at.len > 0) /* the caller's text is there still */
			fault->at.at = text.at + (fault->at.at - copy.at);
		arena_deinit(&arena);
		return false;
	}
	pthread_rwlock_wrlock(&g->rules);
	arena_deinit(&g->mailboxes_arena);
	g->mailboxes_arena = arena;
	g->mailboxes = all;
	pthread_rwlock_unlock(&g->rules);
	return true;
}

struct mailbox
gate_find_mailbox(struct gate *g, struct arena *arena, struct span address)
{
	struct mailbox box;

	pthread_rwlock_rdlock(&g->rules);
	box = mailboxes_find(&g->mailboxes, address);
	box.rule = arena_copy(arena, box.rule.len > 0 ? box.rule : (struct span){ "", 0 });
	pthread_rwlock_unlock(&g->rules);
	return box;
}

const struct policy *
gate_policy_for(struct gate *g, struct span domain, uint64_t now)
{
	enum { A_DAY = 86400 };
	const struct policy *bulk = policies_find(g->policies, g->policy->bulk);

	if (bulk == NULL || counters_add(&g->counters, "author", domain, now, A_DAY) < g->policy->bulk_from)
		return g->policy;
	return bulk;
}

static void
write_out(FILE *to, const struct out *out)
{
	if (fwrite(out->at, 1, out->len, to) != out->len || fflush(to) != 0)
		clearerr(to); /* a full disk must not stop the mail */
}

void
gate_tell(struct gate *g, const struct transaction *r, struct span head)
{
	struct out text = { 0 }, json = { 0 };

	atomic_fetch_add(&g->n[transaction_end(r)], 1);
	if (g->stores)
		store_add(&g->store, r, head);
	if (g->text != NULL)
		transaction_write_text(&text, g->lang, r);
	if (g->json != NULL)
		transaction_write_json(&json, r);
	pthread_mutex_lock(&g->log);
	if (g->text != NULL)
		write_out(g->text, &text);
	if (g->json != NULL)
		write_out(g->json, &json);
	pthread_mutex_unlock(&g->log);
	out_deinit(&text);
	out_deinit(&json);
}

/* For a day, as X.509 wants it. RFC 5280 */
static X509 *
make_certificate(EVP_PKEY *key, struct span host)
{
	enum { A_YEAR = 365 * 86400 };
	X509 *x = X509_new();
	X509_NAME *name = x != NULL ? X509_get_subject_name(x) : NULL;

	if (x == NULL)
		return NULL;
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), A_YEAR);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)host.at, host.len < 64 ? (int)host.len : 64, -1, 0);
	X509_set_issuer_name(x, name);
	if (X509_sign(x, key, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

static bool
use_own_certificate(SSL_CTX *tls, struct span host)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = key != NULL ? make_certificate(key, host) : NULL;
	const bool used = x != NULL && SSL_CTX_use_certificate(tls, x) == 1 && SSL_CTX_use_PrivateKey(tls, key) == 1;

	X509_free(x);
	EVP_PKEY_free(key);
	return used;
}

SSL_CTX *
gate_make_tls(struct span host, const char *certificate, const char *key, const char **what)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	*what = "OpenSSL gives no TLS";
	if (tls == NULL)
		return NULL;
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	if (certificate == NULL && use_own_certificate(tls, host))
		return tls;
	if (certificate != NULL) {
		*what = "the certificate or its key cannot be used";
		if (SSL_CTX_use_certificate_chain_file(tls, certificate) == 1 &&
		    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(tls) == 1)
			return tls;
	}
	SSL_CTX_free(tls);
	return NULL;
}

// A key of one's own, its record, and a signed message that verifies:
// c++ sign.cc $(pkg-config --cflags --libs todoku) -o sign && ./sign
#include <iostream>
#include <memory>
#include <string>

#include <todoku/todoku.h>

static std::string
text(todoku_span s)
{
	return std::string(s.at, s.len);
}

static todoku_span
span(const std::string &s)
{
	return { s.data(), s.size() };
}

int
main()
{
	const std::string message = "From: taro@example.jp\r\nSubject: hello\r\n\r\nhello\r\n";
	todoku_key *key = nullptr;
	todoku_signing signing = {};
	todoku_span field = {};

	if (todoku_key_make(TODOKU_ED25519, 0, &key) != TODOKU_OK)
		return 1;
	std::unique_ptr<todoku_key, decltype(&todoku_key_free)> owner(key, todoku_key_free);
	signing.domain = todoku_span_of("example.jp");
	signing.selector = todoku_span_of("mail");
	signing.now = 1764000000;
	if (todoku_sign(key, &signing, span(message), &field) != TODOKU_OK)
		return 1;
	const std::string signed_message = text(field) + message;
	const std::string zone = "mail._domainkey.example.jp. TXT \"" + text(todoku_key_record(key)) + "\"\n";
	todoku_message_query query = {};
	todoku_evaluation *evaluation = nullptr;
	query.message = span(signed_message);
	query.now = signing.now;
	if (todoku_dkim_create(&query, &evaluation) != TODOKU_OK)
		return 1;
	std::unique_ptr<todoku_evaluation, decltype(&todoku_evaluation_free)> ending(evaluation, todoku_evaluation_free);
	if (todoku_evaluate_with_zone(evaluation, zone.data(), zone.size()) != TODOKU_OK)
		return 1;
	std::cout << "dkim=" << text(todoku_result(evaluation, "dkim")) << "\n";
	return 0;
}

/*
 * KumoMTA's log records, JSON Lines:
 *
 *	{"type":"Bounce","id":"5f3c","sender":"a@example.com","recipient":"taro@example.jp",
 *	"response":{"code":550,"enhanced_code":{"class":5,"subject":1,"detail":1},
 *	"content":"no such user","command":"RCPT TO:<taro@example.jp>"},
 *	"peer_address":{"name":"mx.example.jp.","addr":"192.0.2.1"},"timestamp":1795392000}
 *
 * (each in one line)
 */
#ifndef LOG_LOG_KUMOMTA_H
#define LOG_LOG_KUMOMTA_H

#include "log/log_line.h"

extern const struct log_format log_kumomta;

#endif

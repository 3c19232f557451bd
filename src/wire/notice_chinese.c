/*
 * QQ, 163.com and others: 系统退信.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "邮件系统"),
	NOTICE_MARK(NOTICE_FROM, "mailer-daemon@qq.com"),
	NOTICE_MARK(NOTICE_FROM, "postmaster@163.com"),
	NOTICE_MARK(NOTICE_SUBJECT, "系统退信"),
	NOTICE_MARK(NOTICE_SUBJECT, "退信"),
	NOTICE_MARK(NOTICE_SUBJECT, "投递失败"),
	NOTICE_MARK(NOTICE_SUBJECT, "邮件投递"),
	NOTICE_MARK(NOTICE_SUBJECT, "邮件被退回"),
	NOTICE_MARK(NOTICE_SUBJECT, "退件"),
	NOTICE_MARK(NOTICE_OPENING, "退信原因"),
	NOTICE_MARK(NOTICE_OPENING, "收件人"),
	NOTICE_MARK(NOTICE_WORDS, "无法发送到"),
	NOTICE_MARK(NOTICE_WORDS, "无法投递"),
	NOTICE_MARK(NOTICE_WORDS, "投递失败"),
	NOTICE_MARK(NOTICE_WORDS, "被退回"),
	NOTICE_MARK(NOTICE_WORDS, "未能送达"),
	NOTICE_MARK(NOTICE_WORDS, "无法送达"),
	NOTICE_MARK(NOTICE_WORDS, "邮件被退"),
	NOTICE_MARK(NOTICE_COPY, "原始邮件"),
	NOTICE_MARK(NOTICE_COPY, "原信内容"),
};

const struct notice_format notice_chinese = { "chinese", marks, sizeof(marks) / sizeof(marks[0]) };

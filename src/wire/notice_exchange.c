/*
 *	Delivery has failed to these recipients or groups:
 *
 *	taro@example.jp
 *	The email address you entered couldn't be found.
 *
 *	Diagnostic information for administrators:
 *	Generating server: ex1.example.com
 *	taro@example.jp
 *	Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'
 *
 * and the same in the language of the server, Microsoft 365 among them.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_FROM, "microsoftexchange329e71ec"),
	NOTICE_MARK(NOTICE_FROM, "microsoft outlook"),
	NOTICE_MARK(NOTICE_FROM, "microsoft exchange"),
	NOTICE_MARK(NOTICE_SUBJECT, "undeliverable:"),
	NOTICE_MARK(NOTICE_SUBJECT, "unzustellbar"),
	NOTICE_MARK(NOTICE_SUBJECT, "non remis"),
	NOTICE_MARK(NOTICE_SUBJECT, "non recapitabile"),
	NOTICE_MARK(NOTICE_SUBJECT, "no se puede entregar"),
	NOTICE_MARK(NOTICE_SUBJECT, "não é possível entregar"),
	NOTICE_MARK(NOTICE_SUBJECT, "não entregue"),
	NOTICE_MARK(NOTICE_SUBJECT, "onbestelbaar"),
	NOTICE_MARK(NOTICE_SUBJECT, "det går inte att leverera"),
	NOTICE_MARK(NOTICE_SUBJECT, "olevererat"),
	NOTICE_MARK(NOTICE_SUBJECT, "ikke leveret"),
	NOTICE_MARK(NOTICE_SUBJECT, "kan ikke leveres"),
	NOTICE_MARK(NOTICE_SUBJECT, "kunne ikke leveres"),
	NOTICE_MARK(NOTICE_SUBJECT, "недоставлено"),
	NOTICE_MARK(NOTICE_SUBJECT, "nie można dostarczyć"),
	NOTICE_MARK(NOTICE_SUBJECT, "配信不能"),
	NOTICE_MARK(NOTICE_SUBJECT, "無法傳遞"),
	NOTICE_MARK(NOTICE_SUBJECT, "无法送达"),
	NOTICE_MARK(NOTICE_SUBJECT, "배달되지 않음"),
	NOTICE_MARK(NOTICE_OPENING, "delivery has failed to these recipients or groups"),
	NOTICE_MARK(NOTICE_OPENING, "diagnostic information for administrators"),
	NOTICE_MARK(NOTICE_OPENING, "generating server:"),
	NOTICE_MARK(NOTICE_OPENING, "generierender server"),
	NOTICE_MARK(NOTICE_OPENING, "diagnoseinformationen"),
	NOTICE_MARK(NOTICE_OPENING, "serveur de génération"),
	NOTICE_MARK(NOTICE_OPENING, "informations de diagnostic"),
	NOTICE_MARK(NOTICE_OPENING, "información de diagnóstico"),
	NOTICE_MARK(NOTICE_OPENING, "servidor de generación"),
	NOTICE_MARK(NOTICE_OPENING, "informazioni di diagnostica"),
	NOTICE_MARK(NOTICE_OPENING, "server di generazione"),
	NOTICE_MARK(NOTICE_OPENING, "diagnostikinformation"),
	NOTICE_MARK(NOTICE_OPENING, "genererar server"),
	NOTICE_MARK(NOTICE_OPENING, "管理者向けの診断情報"),
	NOTICE_MARK(NOTICE_OPENING, "生成サーバー"),
	NOTICE_MARK(NOTICE_WORDS, "delivery has failed to these recipients"),
	NOTICE_MARK(NOTICE_WORDS, "fehler bei der nachrichtenzustellung"),
	NOTICE_MARK(NOTICE_WORDS, "échec de la remise"),
	NOTICE_MARK(NOTICE_WORDS, "error de entrega"),
	NOTICE_MARK(NOTICE_WORDS, "no se pudo entregar"),
	NOTICE_MARK(NOTICE_WORDS, "no se ha podido entregar"),
	NOTICE_MARK(NOTICE_WORDS, "impossibile recapitare"),
	NOTICE_MARK(NOTICE_WORDS, "recapito non riuscito"),
	NOTICE_MARK(NOTICE_WORDS, "errore durante il recapito"),
	NOTICE_MARK(NOTICE_WORDS, "leveransen misslyckades"),
	NOTICE_MARK(NOTICE_WORDS, "leverans misslyckades"),
	NOTICE_MARK(NOTICE_WORDS, "det gick inte att leverera"),
	NOTICE_MARK(NOTICE_WORDS, "kunde inte levereras"),
	NOTICE_MARK(NOTICE_WORDS, "次の受信者またはグループへの配信に失敗"),
	NOTICE_MARK(NOTICE_WORDS, "メッセージを配信できませんでした"),
	NOTICE_MARK(NOTICE_WORDS, "a entrega falhou"),
	NOTICE_MARK(NOTICE_WORDS, "falha na entrega"),
	NOTICE_MARK(NOTICE_WORDS, "bezorging is mislukt"),
	NOTICE_MARK(NOTICE_WORDS, "kon niet worden bezorgd"),
	NOTICE_MARK(NOTICE_WORDS, "couldn't be delivered"),
	NOTICE_MARK(NOTICE_WORDS, "no se ha encontrado"),
	NOTICE_MARK(NOTICE_WORDS, "werd niet bezorgd"),
	NOTICE_MARK(NOTICE_COPY, "original message headers:"),
	NOTICE_MARK(NOTICE_COPY, "ursprüngliche nachrichtenkopfzeilen"),
	NOTICE_MARK(NOTICE_COPY, "ursprüngliche kopfzeilen"),
	NOTICE_MARK(NOTICE_COPY, "en-têtes de message"),
	NOTICE_MARK(NOTICE_COPY, "encabezados de mensajes originales"),
	NOTICE_MARK(NOTICE_COPY, "encabezados originales"),
	NOTICE_MARK(NOTICE_COPY, "intestazioni originali"),
	NOTICE_MARK(NOTICE_COPY, "intestazioni del messaggio originale"),
	NOTICE_MARK(NOTICE_COPY, "ursprungliga meddelandehuvuden"),
	NOTICE_MARK(NOTICE_COPY, "元のメッセージ ヘッダー"),
	NOTICE_MARK(NOTICE_COPY, "cabeçalhos originais"),
};

const struct notice_format notice_exchange = { "exchange", marks, sizeof(marks) / sizeof(marks[0]) };

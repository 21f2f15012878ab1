#include "courier/mime.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "core/mailer.h"
#include "courier/mail.h"
#include "dvc_test.h"

#include <string.h>

static const char *text_of(struct buf *buf)
{
    buf_addc(buf, '\0');
    return buf->ptr;
}

DVC_TEST(mime, a_subject_in_vietnamese_becomes_words_that_hold_whole_characters)
{
    static const char subject[] =
        "[H24.15.03-261121-0001] Xin lỗi và hẹn lại ngày trả kết quả giải quyết thủ tục";
    struct buf buf = BUF_INIT(4096), plain = BUF_INIT(4096);
    struct slice rest, line;

    mime_header(&buf, "Subject", subject);
    rest = buf_slice(&buf);
    cr_assert(slice_starts(rest, "Subject: =?UTF-8?B?"));
    rest = slice_sub(rest, strlen("Subject: "), rest.len);
    while (slice_next(&rest, '\n', &line)) {
        struct slice word = slice_trim(line);
        struct buf part = BUF_INIT(256);

        cr_assert(word.len <= 75, "a word of %zu signs", word.len);
        cr_assert(slice_starts(word, "=?UTF-8?B?"));
        DVC_EQ_INT(base64_parse(slice_sub(word, 10, word.len - 12), &part), 0);
        cr_assert(utf8_valid(buf_slice(&part)), "a character was cut");
        buf_add_slice(&plain, buf_slice(&part));
        buf_release(&part);
    }
    DVC_EQ_STR(text_of(&plain), subject);
    buf_release(&buf);
    buf_release(&plain);
}

DVC_TEST(mime, nothing_in_a_text_ends_its_head)
{
    struct buf buf = BUF_INIT(4096), plain = BUF_INIT(4096);
    struct slice coded;

    mime_header(&buf, "Subject", "a\r\nBcc: thief@example.vn");
    coded = buf_slice(&buf);
    cr_assert(memchr(coded.ptr, '\r', coded.len) == NULL);
    DVC_EQ_INT(base64_parse(slice_sub(coded, 19, coded.len - 21), &plain), 0);
    DVC_EQ_STR(text_of(&plain), "a  Bcc: thief@example.vn");
    buf_release(&buf);
    buf_release(&plain);
}

DVC_TEST(mime, heads_are_as_the_standard_writes_them)
{
    struct buf buf = BUF_INIT(4096);

    mime_date(&buf, (wall_t){INT64_C(1795320061) * US_PER_SECOND + 5});
    DVC_EQ_STR(text_of(&buf), "Date: Sun, 22 Nov 2026 11:01:01 +0700");
    buf_clear(&buf);
    mime_message_id(&buf, "H24.15.03-261121-0001:accepted:3:mail", "a@dvc.example.vn");
    DVC_EQ_STR(text_of(&buf), "Message-ID: <H24.15.03-261121-0001.accepted.3.mail@dvc.example.vn>");
    buf_clear(&buf);
    mime_mailbox(&buf, "From", "DVC", "a@b.vn");
    DVC_EQ_STR(text_of(&buf), "From: =?UTF-8?B?RFZD?= <a@b.vn>");
    buf_clear(&buf);
    mime_header(&buf, "Subject", "plain words");
    DVC_EQ_STR(text_of(&buf), "Subject: plain words");
    buf_release(&buf);
}

DVC_TEST(mime, an_address_carries_no_command)
{
    static const char *const good[] = {"a@b.vn", "nguyen.van-minh+dvc@mail.example.vn",
                                       "x_1@a-b.c"};
    static const char *const bad[] = {"",
                                      "a",
                                      "@b.vn",
                                      "a@",
                                      "a b@c.vn",
                                      "a@b.vn\r\nRCPT TO:<x@y.vn>",
                                      "<a@b.vn>",
                                      "a@b..vn",
                                      "a@-b.vn",
                                      ".a@b.vn",
                                      "a.@b.vn",
                                      "a..b@c.vn",
                                      "a@b.vn,c@d.vn",
                                      "a@b.vn ",
                                      "-a@b.vn",
                                      "ngọc@b.vn",
                                      "a@[127.0.0.1]",
                                      "a\"b@c.vn"};

    for (size_t i = 0; i < DVC_COUNT(good); i++)
        cr_assert(mailer_address_ok(slice_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert(!mailer_address_ok(slice_str(bad[i])), "%s", bad[i]);
}

DVC_TEST(mime, a_mail_servers_answer_is_read_as_what_it_means)
{
    static const struct {
        int status;
        enum mux_stage stage;
        enum attempt_result result;
    } rows[] = {
        {250, MUX_STAGE_CONTENT, ATTEMPT_DONE},    {451, MUX_STAGE_RECIPIENT, ATTEMPT_SERVER},
        {421, MUX_STAGE_SESSION, ATTEMPT_SERVER},  {550, MUX_STAGE_RECIPIENT, ATTEMPT_REFUSED},
        {554, MUX_STAGE_CONTENT, ATTEMPT_REFUSED}, {535, MUX_STAGE_SESSION, ATTEMPT_DENIED},
        {553, MUX_STAGE_SENDER, ATTEMPT_DENIED}};

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct mux_answer answer = {
            .result = MUX_ANSWERED, .status = rows[i].status, .stage = rows[i].stage};

        cr_assert(mail_result(&answer) == rows[i].result, "%d", rows[i].status);
    }
    cr_assert(mail_result(&(struct mux_answer){.result = MUX_BROKEN}) == ATTEMPT_TRANSPORT);
    cr_assert(mail_result(&(struct mux_answer){.result = MUX_UNREACHED}) == ATTEMPT_TRANSPORT);
}

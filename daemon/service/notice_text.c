#include "service/notice_text.h"

#include <string.h>

/* `dated` is added when the notice has the date that it names. Gaps: {code} {procedure} {due}
 * {channel}. */
struct message {
    const char *kind, *title, *text, *dated;
};

#define DUE_DATED " Ngày hẹn trả kết quả: {due}."
#define LIMIT_DATED " Hạn xử lý: {due}."

static const struct message messages[] = {
    /* the applicant's */
    {"accepted", "Hồ sơ đã được tiếp nhận", "Hồ sơ {code} ({procedure}) đã được tiếp nhận.",
     DUE_DATED},
    {"supplement_requested", "Hồ sơ cần bổ sung, hoàn thiện",
     "Hồ sơ {code} ({procedure}) cần bổ sung, hoàn thiện. Nội dung cần bổ sung được ghi trong hồ "
     "sơ.",
     NULL},
    {"due_moved", "Ngày hẹn trả kết quả thay đổi",
     "Ngày hẹn trả kết quả của hồ sơ {code} ({procedure}) đã thay đổi.", " Ngày hẹn mới: {due}."},
    {"due_near", "Sắp đến ngày hẹn trả kết quả", "Hồ sơ {code} ({procedure}) sắp đến hạn.",
     DUE_DATED},
    {"draft_ready", "Có dự thảo chờ xác nhận",
     "Dự thảo kết quả của hồ sơ {code} ({procedure}) chờ ông/bà kiểm tra và xác nhận.", NULL},
    {"both_invited", "Mời hai bên đến nhận kết quả",
     "Hồ sơ {code} ({procedure}) đã có kết quả; mời hai bên cùng đến ký và nhận, mang theo giấy tờ "
     "tuỳ thân.",
     NULL},
    {"duties_notified", "Có nghĩa vụ tài chính cần thực hiện",
     "Hồ sơ {code} ({procedure}) có thông báo nộp tiền của cơ quan thuế. Nộp xong, đề nghị gửi "
     "chứng từ vào hồ sơ.",
     NULL},
    {"payment_requested", "Có phí, lệ phí cần nộp",
     "Hồ sơ {code} ({procedure}) có phí, lệ phí cần nộp. Số tiền được ghi trong hồ sơ.", NULL},
    {"refused", "Hồ sơ bị từ chối",
     "Hồ sơ {code} ({procedure}) bị từ chối. Lý do được ghi trong phiếu từ chối kèm theo hồ sơ.",
     NULL},
    {"stopped", "Hồ sơ dừng giải quyết",
     "Hồ sơ {code} ({procedure}) đã dừng giải quyết. Lý do được ghi trong thông báo kèm theo hồ "
     "sơ.",
     NULL},
    {"apology", "Xin lỗi và hẹn lại ngày trả kết quả",
     "Cơ quan giải quyết xin lỗi vì hồ sơ {code} ({procedure}) chưa được giải quyết đúng hẹn.",
     DUE_DATED},
    {"result_ready", "Đã có kết quả giải quyết",
     "Hồ sơ {code} ({procedure}) đã có kết quả giải quyết.", NULL},
    {"result_published", "Kết quả điện tử đã sẵn sàng",
     "Kết quả điện tử của hồ sơ {code} ({procedure}) có thể tải về từ hồ sơ.", NULL},
    {"result_corrected", "Kết quả đã được đính chính",
     "Kết quả của hồ sơ {code} ({procedure}) đã được đính chính.", NULL},
    {"parcel_invited", "Bưu chính đã mời nhận kết quả",
     "Bưu chính đã mời nhận kết quả của hồ sơ {code} ({procedure}).", NULL},
    {"parcel_delivered", "Bưu chính đã phát kết quả",
     "Bưu chính đã phát kết quả của hồ sơ {code} ({procedure}).", NULL},
    {"collection_failed", "Thu gom hồ sơ không thành công",
     "Bưu chính thu gom không thành công hồ sơ {code} ({procedure}).", NULL},
    {"suspended", "Hồ sơ tạm dừng xử lý", "Hồ sơ {code} ({procedure}) tạm dừng xử lý.", NULL},
    {"unsuspended", "Hồ sơ tiếp tục được xử lý", "Hồ sơ {code} ({procedure}) tiếp tục được xử lý.",
     DUE_DATED},
    {"withdrawn", "Hồ sơ đã được rút", "Hồ sơ {code} ({procedure}) đã được rút theo đề nghị.",
     NULL},
    {"withdrawal_refused", "Đề nghị rút hồ sơ không được chấp nhận",
     "Đề nghị rút hồ sơ {code} ({procedure}) không được chấp nhận; hồ sơ tiếp tục được giải "
     "quyết.",
     NULL},
    /* both sides' */
    {"parcel_in_trouble", "Bưu gửi gặp sự cố",
     "Bưu gửi của hồ sơ {code} ({procedure}) bị thất lạc hoặc hư hỏng theo tin của bưu chính.",
     NULL},
    {"parcel_came_back", "Bưu gửi được chuyển hoàn",
     "Bưu gửi của hồ sơ {code} ({procedure}) không phát được, đã chuyển hoàn và chờ nhận tại Bộ "
     "phận Một cửa.",
     NULL},
    /* staff's */
    {"warned", "Cảnh báo thời hạn", "Hồ sơ {code} ({procedure}) đến mốc cảnh báo thời hạn.",
     LIMIT_DATED},
    {"assigned", "Được phân công xử lý", "Hồ sơ {code} ({procedure}) được phân công cho ông/bà.",
     LIMIT_DATED},
    {"resubmitted", "Hồ sơ đã được bổ sung", "Người nộp đã bổ sung hồ sơ {code} ({procedure}).",
     LIMIT_DATED},
    {"applicant_answered", "Người nộp đã trả lời",
     "Người nộp đã trả lời về hồ sơ {code} ({procedure}).", LIMIT_DATED},
    {"opinion_answered", "Đã có ý kiến phối hợp",
     "Cơ quan phối hợp đã cho ý kiến về hồ sơ {code} ({procedure}).", LIMIT_DATED},
    {"withdrawal_requested", "Người nộp đề nghị rút hồ sơ",
     "Người nộp đề nghị rút hồ sơ {code} ({procedure}); cần đồng ý hoặc từ chối.", NULL},
    {"parcel_order_refused", "Bưu chính từ chối yêu cầu",
     "Bưu chính từ chối yêu cầu gửi, nhận của hồ sơ {code} ({procedure}).", NULL},
    {"mail_undeliverable", "Thư báo không gửi được",
     "Thư báo về hồ sơ {code} ({procedure}) không gửi được đến địa chỉ thư của người nộp; nên báo "
     "bằng cách khác và kiểm tra lại địa chỉ.",
     NULL},
    {"outbox_dead", "Có việc gửi đi bị dừng",
     "Việc gửi qua kênh {channel} của hồ sơ {code} ({procedure}) bị dừng và chờ quyết định.", NULL},
};

static const struct message general = {"", "Có thông tin mới về hồ sơ",
                                       "Hồ sơ {code} ({procedure}) có thông tin mới.", NULL};

static const struct message *find(const char *kind)
{
    for (size_t i = 0; i < DVC_COUNT(messages); i++) {
        if (strcmp(messages[i].kind, kind) == 0)
            return &messages[i];
    }
    return &general;
}

const char *notice_title(const char *kind)
{
    return find(kind)->title;
}

static void add_gap(struct buf *buf, struct slice gap, const struct notice_facts *facts)
{
    wall_t due;

    if (slice_is(gap, "code"))
        buf_adds(buf, facts->code);
    else if (slice_is(gap, "procedure"))
        buf_adds(buf, facts->procedure);
    else if (slice_is(gap, "channel"))
        buf_add_slice(buf, value_get_text(facts->body, "channel"));
    else if (wall_parse(value_get_text(facts->body, "due"), &due) == 0)
        buf_add_wall_vi(buf, due);
}

static void add_filled(struct buf *buf, const char *text, const struct notice_facts *facts)
{
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        const char *close = strchr(open, '}');

        DVC_REQUIRE(close != NULL);
        buf_add(buf, text, (size_t)(open - text));
        add_gap(buf, (struct slice){open + 1, (size_t)(close - open - 1)}, facts);
        text = close + 1;
    }
    buf_adds(buf, text);
}

void notice_text(struct buf *buf, const char *kind, const struct notice_facts *facts)
{
    const struct message *message = find(kind);
    wall_t due;

    add_filled(buf, message->text, facts);
    if (message->dated != NULL && wall_parse(value_get_text(facts->body, "due"), &due) == 0)
        add_filled(buf, message->dated, facts);
}

void notice_subject(struct buf *buf, const char *kind, const struct notice_facts *facts)
{
    buf_addf(buf, "[%s] %s", facts->code, find(kind)->title);
}

void notice_mail(struct buf *buf, const char *kind, const struct notice_facts *facts,
                 const char *public_url)
{
    buf_adds(buf, "Kính gửi ông/bà,\r\n\r\n");
    notice_text(buf, kind, facts);
    buf_adds(buf, "\r\n");
    if (public_url != NULL)
        buf_addf(buf, "\r\nXem hồ sơ: %s/#/dossiers/%s\r\n", public_url, facts->code);
    buf_adds(buf, "\r\nThư này được gửi tự động, ông/bà không cần trả lời.\r\n");
}

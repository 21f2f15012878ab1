#include "conf/settings_table.h"

static const struct schema_word mode_words[] = {
    {"embedded", DATABASE_EMBEDDED}, {"external", DATABASE_EXTERNAL}, {NULL, 0}};
static const struct schema_word totp_words[] = {{"off", STAFF_TOTP_OFF},
                                                {"optional", STAFF_TOTP_OPTIONAL},
                                                {"required", STAFF_TOTP_REQUIRED},
                                                {NULL, 0}};
static const struct schema_word level_words[] = {{"error", LOG_LEVEL_ERROR},
                                                 {"warn", LOG_LEVEL_WARN},
                                                 {"info", LOG_LEVEL_INFO},
                                                 {"debug", LOG_LEVEL_DEBUG},
                                                 {NULL, 0}};

const struct settings_section settings_sections[] = {
    {"http", "Cổng HTTP cho người dân, cán bộ, bưu chính và cổng quốc gia"},
    {"database", "Cơ sở dữ liệu PostgreSQL 15"},
    {"workers", "Các tiến trình"},
    {"clock", "Đồng hồ pháp lý: nhắc hạn, hết hạn chờ, số liệu"},
    {"courier", "Chuyển đi: đơn bưu chính, đồng bộ, thông báo"},
    {"intake", "Tiếp nhận hồ sơ"},
    {"accounts", "Tài khoản"},
    {"lookup", "Tra cứu bằng mã hồ sơ và mã tra cứu"},
    {"files", "Tệp được gửi lên"},
    {"retention", "Giữ dữ liệu tạm bao lâu"},
    {"backup", "Sao lưu và nhật ký ghi trước (WAL)"},
    {"paths", "Thư mục và tệp"},
    {"log", "Nhật ký vận hành (không có dữ liệu cá nhân)"},
};
const size_t settings_section_count = DVC_COUNT(settings_sections);

#define AT(field) offsetof(struct settings, field)
#define NUMBER(section, name, low, high, value, reload, text)                                      \
    {                                                                                              \
#section, #section "." #name,                                                              \
            {#name, SCHEMA_INT, false, AT(section.name), (low), (high), NULL }, SETTINGS_NO_PATH,  \
             value, reload, text                                                                   \
    }
#define ROW(section, name, kind, value, reload, text)                                              \
    {                                                                                              \
#section, #section "." #name,                                                              \
            {#name, kind, false, AT(section.name), 0, 0, NULL }, SETTINGS_NO_PATH, value, reload,  \
             text                                                                                  \
    }
#define PATH(section, name, from, value, reload, text)                                             \
    {                                                                                              \
#section, #section "." #name,                                                              \
            {#name, SCHEMA_TEXT, false, AT(section.name), 1, 1000, NULL }, from, value, reload,    \
             text                                                                                  \
    }
#define WORD(section, name, list, value, reload, text)                                             \
    {                                                                                              \
#section, #section "." #name,                                                              \
            {#name, SCHEMA_WORD, false, AT(section.name), 0, 0, list }, SETTINGS_NO_PATH, value,   \
             reload, text                                                                          \
    }

const struct settings_row settings_rows[] = {
    ROW(http, listen, SCHEMA_TEXTS, "127.0.0.1:8080", false,
        "Địa chỉ và cổng để nghe, hoặc unix:/đường/dẫn; viết nhiều địa chỉ thành danh sách"),
    ROW(http, tls_listen, SCHEMA_TEXTS, NULL, false,
        "Địa chỉ và cổng để nghe HTTPS, ví dụ [\"0.0.0.0:443\", \"[::]:443\"]"),
    PATH(http, tls_certificate, SETTINGS_CONF_PATH, NULL, true,
         "Chứng thư của máy chủ rồi đến các chứng thư trung gian, PEM; tệp đổi thì tự nạp lại"),
    PATH(http, tls_key, SETTINGS_CONF_PATH, NULL, true,
         "Khoá riêng của chứng thư, PEM, không mật khẩu; chỉ người dùng dvcd đọc được"),
    ROW(http, public_url, SCHEMA_TEXT, NULL, true,
        "Địa chỉ mà người dân gõ, ví dụ \"https://dvc.haiphong.gov.vn\": in trên giấy hẹn, ghi trong "
        "thư"),
    ROW(http, redirect_to_https, SCHEMA_BOOL, "false", true,
        "Yêu cầu qua HTTP thường được chuyển sang public_url"),
    NUMBER(http, hsts_days, 0, 730, "365", true,
           "Trình duyệt chỉ dùng HTTPS trong bao nhiêu ngày kể từ lần cuối; 0 là không yêu cầu"),
    ROW(http, trusted_proxies, SCHEMA_TEXTS, NULL, true,
        "Máy trung gian được tin khi báo địa chỉ thật của người dùng, ví dụ [\"10.1.0.0/16\"]"),
    ROW(http, metrics_from, SCHEMA_TEXTS, NULL, true,
        "Địa chỉ được đọc /metrics không cần thẻ truy cập"),
    ROW(http, secure_cookies, SCHEMA_BOOL, "true", true,
        "Cookie phiên chỉ đi qua HTTPS; chỉ tắt khi thử trên máy mình"),
    NUMBER(http, max_header_bytes, 1024, 65536, "16384", true, "Phần đầu của một yêu cầu, byte"),
    NUMBER(http, max_body_bytes, 4096, 1048576, "1048576", true,
           "Thân của một yêu cầu, nhiều nhất, byte; có loại yêu cầu còn giới hạn thấp hơn"),
    NUMBER(http, upload_bytes, 20971520, 1073741824, "67108864", true,
           "Byte của các tệp lớn hơn 1 MiB đang được gửi lên cùng lúc, mỗi tiến trình; đầy thì báo 503"),
    NUMBER(http, downloads, 1, 1000, "64", true,
           "Tệp đang được gửi cho người đọc cùng lúc, mỗi tiến trình; đầy thì báo 503"),
    NUMBER(http, max_connections, 16, 60000, "4096", true, "Kết nối cùng lúc, mỗi tiến trình"),
    NUMBER(http, max_requests, 8, 20000, "1024", true, "Yêu cầu đang xử lý, mỗi tiến trình"),
    NUMBER(http, requests_per_minute, 10, 1000000, "600", true,
           "Yêu cầu mỗi phút của một địa chỉ chưa đăng nhập, mỗi tiến trình"),
    NUMBER(http, lookups_per_minute, 1, 100000, "30", true,
           "Lượt tra cứu mỗi phút của một địa chỉ, mỗi tiến trình"),
    NUMBER(http, streams_max, 0, 60000, "256", true,
           "Màn hình theo dõi hàng đợi trực tiếp cùng lúc, mỗi tiến trình; quá mức thì báo 503"),
    NUMBER(http, stream_check_ms, 500, 600000, "60000", true,
           "Nhịp xét lại quyền của một màn hình đang theo dõi, mili giây"),
    NUMBER(http, read_timeout_ms, 1000, 600000, "30000", true,
           "Khách im lặng quá lâu thì đóng kết nối, mili giây"),
    NUMBER(http, request_timeout_ms, 500, 120000, "10000", true,
           "Trả lời chậm hơn thế thì báo 503, mili giây"),
    NUMBER(http, session_hours, 1, 720, "12", true, "Một phiên đăng nhập kéo dài, giờ"),

    WORD(database, mode, mode_words, "embedded", false,
         "embedded: dvcd tự giữ một cụm riêng trong thư mục dữ liệu; external: máy chủ riêng"),
    ROW(database, url, SCHEMA_TEXT, NULL, false,
        "external: chuỗi kết nối của tiến trình (vai trò dvcd_app), ví dụ \"host=/run/postgresql "
        "dbname=dvcd user=dvcd_app\""),
    ROW(database, owner_url, SCHEMA_TEXT, NULL, false,
        "external: chuỗi kết nối của chủ sở hữu, chỉ dùng để nâng cấp lược đồ"),
    PATH(database, dir, SETTINGS_DATA_PATH, "database", false,
         "embedded: thư mục của cụm, tính từ paths.data"),
    PATH(database, bin_dir, SETTINGS_CONF_PATH, NULL, false,
         "embedded: thư mục chương trình PostgreSQL 15; để trống thì tự tìm"),
    NUMBER(database, connections, 1, 16, "3", true,
           "Kết nối để đọc của mỗi tiến trình nhận yêu cầu; để ghi có thêm hai"),
    NUMBER(database, batch_max, 1, 1000, "256", true, "Số thay đổi tối đa trong một lần ghi"),
    NUMBER(database, queue_max, 64, 100000, "4096", true,
           "Thao tác chờ tới lượt, mỗi tiến trình; đầy thì báo 503"),
    NUMBER(database, connect_timeout_ms, 500, 60000, "5000", true, "Chờ kết nối, mili giây"),
    NUMBER(database, statement_timeout_ms, 500, 600000, "15000", true,
           "Chờ một câu lệnh, mili giây"),
    NUMBER(database, lock_timeout_ms, 100, 60000, "5000", true, "Chờ một khoá, mili giây"),
    NUMBER(database, poll_busy_ms, 10, 5000, "50", true, "Nhịp tìm việc ngắn nhất, khi đang có việc, mili giây"),
    NUMBER(database, shared_buffers_mb, 16, 65536, "64", false, "embedded: bộ nhớ đệm của cụm, MB"),
    NUMBER(database, max_connections, 16, 1000, "64", false, "embedded: số kết nối của cụm"),

    NUMBER(workers, gateways, 0, 64, "0", false,
           "Số tiến trình nhận yêu cầu; 0 là một nửa số bộ xử lý, ít nhất một"),
    NUMBER(workers, couriers, 1, 16, "1", false, "Số tiến trình chuyển đi"),
    NUMBER(workers, memory_mb, 32, 65536, "512", true,
           "Một tiến trình dùng quá mức này thì làm nốt việc rồi khởi động lại, MB"),
    NUMBER(workers, drain_ms, 0, 300000, "15000", true,
           "Thời gian làm nốt việc khi dừng, mili giây"),
    NUMBER(workers, restart_min_ms, 10, 60000, "100", true,
           "Tiến trình chết thì khởi động lại sau ít nhất, mili giây"),
    NUMBER(workers, restart_max_ms, 100, 600000, "2000", true,
           "và nhiều nhất khi chết liên tiếp, mili giây"),
    NUMBER(workers, auth_queue, 1, 1000, "32", true, "Số mật khẩu chờ kiểm tra; đầy thì báo 429"),
    NUMBER(workers, auth_memory_kib, 8192, 1048576, "19456", true,
           "Bộ nhớ cho một lần băm mật khẩu argon2id, KiB"),
    NUMBER(workers, auth_passes, 1, 20, "2", true, "Số vòng băm argon2id"),

    NUMBER(clock, lease_ms, 1000, 60000, "6000", true,
           "Tiến trình đồng hồ giữ quyền chạy trong, mili giây"),
    NUMBER(clock, tick_ms, 50, 10000, "500", true,
           "Nhịp tìm việc tới hạn khi rảnh, mili giây"),
    NUMBER(clock, batch_max, 1, 1000, "200", true, "Số việc tới hạn làm trong một nhịp"),
    NUMBER(clock, fold_ms, 200, 600000, "2000", true, "Nhịp gộp số liệu, mili giây"),
    NUMBER(clock, purge_minutes, 1, 1440, "10", true, "Nhịp dọn dữ liệu tạm, phút"),
    NUMBER(clock, anchor_ms, 1000, 60000, "10000", true,
           "Nhịp so giờ với cơ sở dữ liệu, mili giây"),
    NUMBER(clock, skew_warning_ms, 50, 60000, "1000", true,
           "Lệch giờ quá mức này thì cảnh báo, mili giây"),
    ROW(clock, default_calendar, SCHEMA_TEXT, "vn-default", true,
        "Lịch làm việc của cơ quan không nêu lịch riêng"),
    NUMBER(clock, weekends_only_years, 0, 3, "0", true,
           "Số năm sau năm cuối của lịch được tính hạn chỉ với ngày nghỉ cuối tuần; 0 là từ chối "
           "tính hạn cho năm chưa công bố ngày nghỉ"),

    NUMBER(courier, poll_ms, 50, 60000, "500", true, "Nhịp hỏi hàng đợi khi rảnh, mili giây"),
    NUMBER(courier, retry_min_ms, 100, 600000, "1000", true,
           "Gửi hỏng thì thử lại sau ít nhất, mili giây"),
    NUMBER(courier, retry_max_ms, 1000, 86400000, "300000", true,
           "và nhiều nhất khi hỏng liên tiếp, mili giây"),
    NUMBER(courier, retries_max, 1, 10000, "60", true,
           "Bị từ chối quá số lần này thì chờ người quyết định"),

    ROW(intake, citizen_filing, SCHEMA_BOOL, "false", true,
        "Cho người dân nộp thẳng vào dvcd; tắt thì chỉ nhận từ cổng quốc gia và tại quầy"),
    NUMBER(intake, backdating_hours, 0, 720, "24", true,
           "Tại quầy được ghi giờ nhận sớm hơn nhiều nhất, giờ; phải nêu lý do"),
    ROW(intake, limit, SCHEMA_LIMIT, "8 working_hours", true,
        "Thời hạn trả lời tiếp nhận hồ sơ trực tuyến và bưu chính"),

    ROW(accounts, self_registration, SCHEMA_BOOL, "false", true,
        "Cho người dân tự mở tài khoản"),
    WORD(accounts, staff_totp, totp_words, "optional", true,
         "Mã xác thực trên điện thoại (TOTP) của cán bộ: \"off\" (viết trong ngoặc kép), "
         "optional (ai muốn thì bật) hoặc required (chưa bật thì chưa làm việc được)"),

    NUMBER(lookup, pin_digits, 6, 12, "8", false, "Số chữ số của mã tra cứu trên giấy hẹn"),
    NUMBER(lookup, pin_failures, 1, 100, "5", true,
           "Nhập sai quá số lần này thì khoá tra cứu của hồ sơ đó"),
    NUMBER(lookup, pin_lock_minutes, 1, 1440, "15", true, "Thời gian khoá, phút"),

    ROW(files, clamd, SCHEMA_TEXT, NULL, true,
        "Ổ cắm Unix của clamd, ví dụ /run/clamav/clamd.ctl; để trống thì tệp không được quét vi-rút"),
    NUMBER(files, clamd_timeout_ms, 1000, 600000, "60000", true,
           "Chờ clamd quét xong một tệp, mili giây; quá thì báo 503"),
    NUMBER(files, scans, 1, 64, "4", true,
           "Tệp đang được quét cùng lúc, mỗi tiến trình; đầy thì báo 503"),
    NUMBER(files, unfinished, 1, 1000, "16", true,
           "Tệp đang gửi dở của một tài khoản, nhiều nhất"),
    NUMBER(files, unfinished_mb, 20, 100000, "200", true,
           "Tổng dung lượng các tệp đang gửi dở của một tài khoản, MB"),

    NUMBER(retention, upload_hours, 1, 720, "24", true, "Tệp tải lên chưa dùng vào hồ sơ, giờ"),
    NUMBER(retention, session_days, 1, 90, "7", true, "Phiên đã hết hạn, ngày"),
    NUMBER(retention, outbox_days, 1, 3650, "30", true, "Việc đã chuyển xong, ngày"),

    PATH(backup, wal_dir, SETTINGS_DATA_PATH, NULL, false,
         "cụm của dvcd (embedded, dvcd database): thư mục (nên ở đĩa khác) mà cụm chép liên tục nhật ký WAL vào, tính từ "
         "paths.data; để trống thì chỉ khôi phục được tới lúc sao lưu gần nhất"),
    NUMBER(backup, wal_seconds, 5, 3600, "60", false,
           "cụm của dvcd: có ghi chép mới thì WAL được chép đi sau nhiều nhất, giây"),
    NUMBER(backup, keep, 1, 1000, "7", true, "Số bản sao lưu gần nhất được giữ trong một thư mục"),
    ROW(backup, url, SCHEMA_TEXT, NULL, true,
        "external: chuỗi kết nối của vai trò có quyền REPLICATION, chỉ dùng để sao lưu"),

    PATH(paths, data, SETTINGS_CONF_PATH, "/var/lib/dvcd", false, "Dữ liệu mà dvcd giữ"),
    PATH(paths, plugins, SETTINGS_CONF_PATH, "plugins/procedures", true,
         "Thủ tục, mỗi thủ tục một tệp"),
    PATH(paths, workflows, SETTINGS_CONF_PATH, "plugins/workflows", true, "Quy trình dùng chung"),
    PATH(paths, agencies, SETTINGS_CONF_PATH, "agencies", true, "Cơ quan và bưu cục"),
    PATH(paths, communes, SETTINGS_CONF_PATH, "agencies/communes.tsv", true,
         "Danh mục tỉnh và xã cả nước, để kiểm tra địa chỉ"),
    PATH(paths, calendars, SETTINGS_CONF_PATH, "calendars", true, "Lịch làm việc"),
    PATH(paths, targets, SETTINGS_CONF_PATH, "targets", true, "Nơi chuyển đến: bưu chính"),
    PATH(paths, forms, SETTINGS_CONF_PATH, NULL, true,
         "Số và tên các mẫu giấy tờ theo thông tư; để trống thì lấy tệp của chương trình"),
    PATH(paths, sql, SETTINGS_CONF_PATH, NULL, false,
         "Tệp SQL của dvcd; để trống thì lấy ở nơi cài đặt"),
    PATH(paths, javascript, SETTINGS_CONF_PATH, "/usr/share", false,
         "Thư mục chứa thư viện JavaScript của các gói Debian (javascript/pdf, "
         "javascript/qrcode-generator)"),

    WORD(log, level, level_words, "info", true, "Mức ghi nhật ký"),
};
const size_t settings_row_count = DVC_COUNT(settings_rows);

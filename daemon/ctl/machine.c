#include "ctl/machine.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/pidlock.h"
#include "conf/targets.h"
#include "papers/fonts.h"
#include "service/upload.h"

#define CERTIFICATE_DAYS 30
#define DISK_WARN_MB 2048
#define DISK_FAIL_MB 256
#define DEMO_CONTRACT "dvcd-demo" /* in config/targets/vnpost.yaml, for the simulator */

static void judge_running(struct health *health, const struct settings *settings)
{
    char path[PATH_MAX];
    pid_t pid = 0;
    struct health_item *item = health_add(health, "running", HEALTH_OK);
    int r;

    snprintf(path, sizeof(path), "%s/dvcd.lock", settings->paths.data);
    r = pidlock_holder(path, &pid);
    health_say(item, "dvcd đang chạy, pid %d", (int)pid);
    if (r == 0)
        return;
    item->state = HEALTH_FAIL;
    health_say(item, "dvcd không chạy trên %s", settings->paths.data);
    health_advise(item,
                  "systemctl start dvcd, hoặc dvcd run; lỗi khi khởi động ở journalctl -u dvcd");
}

static void judge_skew(struct health *health, const struct settings *settings, wall_t now)
{
    struct clock clock = {0};
    int64_t skew;
    struct health_item *item;

    if (wall_is_none(now))
        return;
    skew = (clock_now(&clock).us - now.us) / 1000;
    item = health_add(health, "clock_skew", HEALTH_OK);
    health_say(item, "giờ máy này lệch giờ cơ sở dữ liệu %" PRId64 " mili giây", skew);
    if (llabs(skew) <= settings->clock.skew_warning_ms)
        return;
    item->state = HEALTH_WARN;
    health_advise(item, "bật đồng bộ giờ (chrony hoặc systemd-timesyncd) trên cả hai máy");
}

static void judge_disk(struct health *health, const char *check, const char *what, const char *path)
{
    struct statvfs st;
    struct health_item *item = health_add(health, check, HEALTH_OK);
    uint64_t free_mb, total_mb;

    if (statvfs(path, &st) != 0) {
        item->state = HEALTH_FAIL;
        health_say(item, "%s %s: %s", what, path, strerror(errno));
        health_advise(item, "tạo thư mục đó hoặc sửa đường dẫn trong dvcd.yaml");
        return;
    }
    free_mb = (uint64_t)st.f_bavail * st.f_frsize >> 20;
    total_mb = (uint64_t)st.f_blocks * st.f_frsize >> 20;
    health_say(item, "%s còn trống %" PRIu64 " MB trên %" PRIu64 " MB", what, free_mb, total_mb);
    if (free_mb >= DISK_WARN_MB && free_mb * 20 >= total_mb)
        return;
    item->state = free_mb < DISK_FAIL_MB ? HEALTH_FAIL : HEALTH_WARN;
    health_advise(item, "dọn chỗ hoặc thêm đĩa ở %s; hết chỗ thì không nhận được hồ sơ", path);
}

/* ---- what others could read ---- */

static bool is_open(const char *path, mode_t bits)
{
    struct stat st;

    return stat(path, &st) == 0 && (st.st_mode & bits) != 0;
}

static bool file_has(const char *path, const char *word)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t cap = 0;
    bool found = false;

    if (file == NULL)
        return false;
    while (!found && getline(&line, &cap, file) > 0) {
        const char *at = line + strspn(line, " -\t");

        found = at[0] != '#' && strstr(at, word) != NULL;
    }
    free(line);
    fclose(file);
    return found;
}

static void judge_file(struct health_item *item, const char *path, bool secret, mode_t bits)
{
    if (item->state != HEALTH_OK || !secret || !is_open(path, bits))
        return;
    item->state = HEALTH_FAIL;
    health_say(item, "người dùng khác đọc được bí mật trong %s", path);
    health_advise(item, "chmod %s %s", bits == 0077 ? "600" : "640", path);
}

/* "secret: ..." and "secret_file: ..." of the targets. */
static void judge_targets(struct health_item *item, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL) {
        char path[PATH_MAX];

        if (entry->d_name[0] == '.' ||
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >= (int)sizeof(path))
            continue;
        judge_file(item, path, file_has(path, "secret: ") || file_has(path, "password: "), 0007);
    }
    closedir(dir);
}

static void judge_secrets(struct health *health, const struct settings *settings)
{
    struct health_item *item = health_add(health, "secrets", HEALTH_OK);
    char password[PATH_MAX];

    health_say(item, "tệp có bí mật không mở cho người dùng khác");
    if (settings->http.tls_key != NULL)
        judge_file(item, settings->http.tls_key, true, 0007);
    judge_file(item, settings->file, file_has(settings->file, "password="), 0007);
    judge_targets(item, settings->paths.targets);
    snprintf(password, sizeof(password), "%s/demo-password", settings->paths.data);
    judge_file(item, password, true, 0077);
}

/* ---- what is for this machine only ---- */

static bool is_local(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]", 5) == 0 ||
           strncmp(address, "unix:", 5) == 0;
}

static bool open_to_others(const struct settings *settings)
{
    for (size_t i = 0; i < settings->http.listen.count; i++)
        if (!is_local(settings->http.listen.items[i]))
            return true;
    for (size_t i = 0; i < settings->http.tls_listen.count; i++)
        if (!is_local(settings->http.tls_listen.items[i]))
            return true;
    return settings->http.public_url != NULL;
}

static void judge_openness(struct health *health, const struct settings *settings)
{
    bool outside = open_to_others(settings);
    char password[PATH_MAX];
    struct health_item *item = health_add(health, "cookies", HEALTH_OK);

    health_say(item, "cookie phiên chỉ đi qua HTTPS");
    if (!settings->http.secure_cookies) {
        item->state = outside ? HEALTH_FAIL : HEALTH_WARN;
        health_say(item, "cookie phiên đi cả qua HTTP%s", outside ? ", mà máy khác vào được" : "");
        health_advise(item, "đặt http.secure_cookies: true");
    }
    item = health_add(health, "demo_accounts", HEALTH_OK);
    health_say(item, "không có tài khoản chạy thử");
    snprintf(password, sizeof(password), "%s/demo-password", settings->paths.data);
    if (access(password, F_OK) != 0)
        return;
    item->state = outside ? HEALTH_FAIL : HEALTH_WARN;
    health_say(item, "có tài khoản chạy thử dùng chung mật khẩu ở %s", password);
    health_advise(item,
                  "không dùng dữ liệu này cho thật; dvcctl account disable từng tài khoản, rồi "
                  "xoá tệp đó");
}

static bool is_demo(const struct vnpost_target *target)
{
    for (size_t i = 0; i < target->customer_count; i++)
        if (strcmp(target->customers[i].secret, DEMO_CONTRACT) == 0)
            return true;
    return false;
}

/* An installation has the simulator's contract until somebody writes the agency's own. */
static void judge_post(struct health *health, const struct targets *targets)
{
    struct health_item *item;

    if (targets == NULL || targets->vnpost_count == 0)
        return;
    item = health_add(health, "post_contract", HEALTH_OK);
    health_say(item, "hợp đồng bưu chính là của cơ quan");
    for (size_t i = 0; i < targets->vnpost_count; i++) {
        const struct vnpost_target *target = targets->vnposts[i];

        if (item->state != HEALTH_OK || !is_demo(target))
            continue;
        item->state = HEALTH_WARN;
        health_say(item, "“%s” là hợp đồng của bưu chính mô phỏng (%s): không bưu gửi nào đi thật",
                   target->id, target->order_url);
        health_advise(item,
                      "ghi địa chỉ và hợp đồng với VNPost vào tệp của nơi chuyển đến “%s” "
                      "(paths.targets), rồi dvcctl reload",
                      target->id);
    }
}

static void judge_login(struct health *health, const struct settings *settings)
{
    struct health_item *item = health_add(health, "login", HEALTH_OK);

    health_say(item, "cơ sở dữ liệu là dịch vụ riêng");
    if (settings->database.mode != DATABASE_EMBEDDED)
        return;
    item->state = HEALTH_WARN;
    health_say(item, "cụm chạy dưới dvcd: một người dùng của máy vừa phục vụ vừa là chủ dữ liệu");
    health_advise(item, "hợp với chạy thử; cho thật thì dùng dvcd-db.service (người dùng riêng) và "
                        "database.mode: external");
}

/* ---- programs and files beside us ---- */

static void judge_certificate(struct health *health, const struct settings *settings)
{
    const char *path = settings->http.tls_certificate;
    struct health_item *item;
    struct clock clock = {0};
    int64_t days;
    wall_t ends;
    int r;

    if (path == NULL)
        return;
    item = health_add(health, "certificate", HEALTH_OK);
    r = certificate_ends(path, &ends);
    if (r != 0) {
        item->state = HEALTH_FAIL;
        health_say(item, "chứng thư %s: %s", path,
                   r == -EINVAL ? "không phải chứng thư PEM" : strerror(-r));
        health_advise(item, "sửa http.tls_certificate hoặc quyền đọc tệp");
        return;
    }
    days = (ends.us - clock_now(&clock).us) / US_PER_DAY;
    health_say(item, "chứng thư TLS còn %" PRId64 " ngày", days);
    if (days >= CERTIFICATE_DAYS)
        return;
    item->state = ends.us <= clock_now(&clock).us ? HEALTH_FAIL : HEALTH_WARN;
    if (item->state == HEALTH_FAIL)
        health_say(item, "chứng thư TLS đã hết hạn");
    health_advise(item, "gia hạn chứng thư và thay %s; dvcd tự nhận tệp mới", path);
}

/* A descriptor that waits at most two seconds for anything, or -1. */
static int clamd_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {2, 0};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (strlen(path) < sizeof(address.sun_path)) {
        memcpy(address.sun_path, path, strlen(path) + 1);
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
            return fd;
    }
    close(fd);
    return -1;
}

/* clamd's own way of being asked whether it lives. */
static bool clamd_answers(const char *path)
{
    static const char ping[] = "zPING";
    char answer[16] = "";
    int fd = clamd_connect(path);
    bool ok;

    if (fd < 0)
        return false;
    ok = send(fd, ping, sizeof(ping), MSG_NOSIGNAL) == (ssize_t)sizeof(ping) &&
         read(fd, answer, sizeof(answer) - 1) >= 4 && memcmp(answer, "PONG", 4) == 0;
    close(fd);
    return ok;
}

/* Whether the largest file that we take is too long a stream for it. Only its own word counts: that
 * it is slow, or busy, is no fault of its configuration. */
static bool clamd_refuses_length(const char *path)
{
    static const char command[] = "zINSTREAM";
    static const char piece[64 << 10];
    const uint32_t length = htonl((uint32_t)sizeof(piece)), end = 0;
    char answer[64] = "";
    int fd = clamd_connect(path);
    bool going;

    if (fd < 0)
        return false;
    going = send(fd, command, sizeof(command), MSG_NOSIGNAL) == (ssize_t)sizeof(command);
    for (size_t sent = 0; going && sent < UPLOAD_MAX; sent += sizeof(piece))
        going = send(fd, &length, sizeof(length), MSG_NOSIGNAL) == (ssize_t)sizeof(length) &&
                send(fd, piece, sizeof(piece), MSG_NOSIGNAL) == (ssize_t)sizeof(piece);
    if (going)
        (void)send(fd, &end, sizeof(end), MSG_NOSIGNAL);
    if (read(fd, answer, sizeof(answer) - 1) < 0)
        answer[0] = '\0';
    close(fd);
    return strstr(answer, "size limit exceeded") != NULL;
}

static void judge_clamd(struct health *health, const char *path)
{
    struct health_item *item = health_add(health, "virus_scan", HEALTH_OK);

    if (path == NULL) {
        item->state = HEALTH_WARN;
        health_say(item, "tệp tải lên không được quét vi rút");
        health_advise(item, "cài clamav-daemon và đặt files.clamd");
        return;
    }
    health_say(item, "clamd trả lời ở %s", path);
    if (clamd_answers(path)) {
        if (!clamd_refuses_length(path))
            return;
        item->state = HEALTH_FAIL;
        health_say(item, "clamd ở %s không nhận tệp %u MiB: tệp lớn không tải lên được", path,
                   UPLOAD_MAX >> 20);
        health_advise(item, "đặt StreamMaxLength trong clamd.conf từ %uM trở lên",
                      UPLOAD_MAX >> 20);
        return;
    }
    item->state = HEALTH_FAIL;
    health_say(item, "clamd không trả lời ở %s: không tải tệp lên được", path);
    health_advise(item, "systemctl status clamav-daemon; dữ liệu mẫu vi rút do freshclam tải về");
}

static void judge_fonts(struct health *health)
{
    struct buf text = BUF_INIT(300);
    struct health_item *item = health_add(health, "fonts", HEALTH_OK);
    int r = fonts_check(&text);

    health_say(item, r == 0 ? "giấy tờ in bằng chữ %s" : "%s", text.ptr);
    if (r != 0) {
        item->state = HEALTH_FAIL;
        health_advise(item, "apt install fonts-croscore (hoặc fonts-liberation)");
    }
    buf_release(&text);
}

void machine_judge(struct health *health, const struct ctl *ctl, wall_t now)
{
    const struct settings *settings = ctl->settings;
    bool embedded = settings->database.mode == DATABASE_EMBEDDED;

    judge_running(health, settings);
    judge_skew(health, settings, now);
    judge_disk(health, "disk_data", "đĩa dữ liệu",
               embedded && access(settings->database.dir, F_OK) == 0 ? settings->database.dir
                                                                     : settings->paths.data);
    if (settings->backup.wal_dir != NULL)
        judge_disk(health, "disk_wal", "đĩa lưu trữ WAL", settings->backup.wal_dir);
    judge_login(health, settings);
    judge_secrets(health, settings);
    judge_openness(health, settings);
    judge_post(health, ctl->generation->targets);
    judge_certificate(health, settings);
    judge_clamd(health, settings->files.clamd);
    judge_fonts(health);
}

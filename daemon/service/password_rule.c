#include "service/password_rule.h"

#include <string.h>

#include "base/utf8.h"
#include "service/totp.h"

/* Of published lists, those of ten letters and more, and what Vietnamese people add to them; folded
 * as utf8_fold does. */
static const char *const common[] = {
    "0123456789",    "1234567890",   "12345678910",  "123456789a",    "123456789q",
    "1234567891",    "1234567899",   "0987654321",   "9876543210",    "9999999990",
    "1111111112",    "1122334455",   "1212121212",   "1231231234",    "123123123123",
    "1234512345",    "123456123456", "147258369a",   "1472583690",    "159753456852",
    "1q2w3e4r5t",    "1q2w3e4r5t6y", "1qaz2wsx3edc", "a123456789",    "abc1234567",
    "abc123456789",  "abcd123456",   "abcd1234567",  "abcde12345",    "abcdef123456",
    "abcdefghij",    "admin12345",   "admin123456",  "administrator", "anhyeuem123",
    "anhyeuem1234",  "asdfghjkl1",   "asdfghjkl;",   "baby123456",    "basketball",
    "changeme123",   "chelsea123",   "congchuc123",  "conyeume123",   "dichvucong",
    "dichvucong123", "emyeuanh123",  "facebook123",  "football123",   "gioitinh123",
    "haiphong123",   "hanoi123456",  "iloveyou123",  "iloveyou1234",  "khongbiet1",
    "khongbiet123",  "khongcopass",  "letmein123",   "liverpool1",    "liverpool123",
    "manchester",    "manunited1",   "matkhau123",   "matkhau1234",   "matkhau12345",
    "matkhaumoi",    "minhyeuban",   "motconvit1",   "nguyenvana",    "p@ssw0rd123",
    "pass123456",    "passw0rd123",  "password01",   "password10",    "password11",
    "password12",    "password123",  "password1234", "password12345", "princess123",
    "q1w2e3r4t5",    "q1w2e3r4t5y6", "qazwsxedc1",   "qazwsxedcrfv",  "qwerasdfzxcv",
    "qwerty1234",    "qwerty12345",  "qwerty123456", "qwertyuiop",    "qwertyuiop1",
    "quantri123",    "saigon12345",  "superman123",  "taikhoan123",   "thanhpho123",
    "tinhyeu123",    "vietnam123",   "vietnam1234",  "vietnamvodich", "welcome123",
    "welcome1234",   "yeuemnhieu",   "zxcvbnm123",   "zxcvbnm,./",
};

static bool is_common(struct slice folded)
{
    for (size_t i = 0; i < DVC_COUNT(common); i++)
        if (slice_is(folded, common[i]))
            return true;
    return false;
}

/* "aaaaaaaaaa", "abababababab": a pattern of up to three bytes and nothing else. */
static bool repeats(struct slice text)
{
    for (size_t period = 1; period <= 3; period++)
        if (memcmp(text.ptr, text.ptr + period, text.len - period) == 0)
            return true;
    return false;
}

const struct password_fault *password_check(struct arena *arena, struct slice text,
                                            const char *username)
{
    static const struct password_fault length = {"length", "Mật khẩu phải từ 10 đến 128 ký tự."},
                                       control = {"text", "Mật khẩu có ký tự không hợp lệ."},
                                       same = {"username",
                                               "Mật khẩu không được trùng tên đăng nhập."},
                                       guessed = {"common", "Mật khẩu này quá dễ đoán."};
    struct slice folded, name;
    size_t count;

    if (!utf8_valid(text) || utf8_has_control(text, ""))
        return &control;
    count = utf8_length(text);
    if (count < PASSWORD_LENGTH_MIN || count > PASSWORD_LENGTH_MAX)
        return &length;
    if (utf8_fold(arena, text, &folded) != 0 || utf8_fold(arena, slice_str(username), &name) != 0)
        return &control;
    if (slice_eq(folded, name))
        return &same;
    return repeats(text) || is_common(folded) ? &guessed : NULL;
}

void password_make(const uint8_t bytes[10], char out[PASSWORD_MADE_SIZE])
{
    struct buf text = BUF_INIT(PASSWORD_MADE_SIZE - 1);

    totp_recovery_write(&text, bytes);
    memcpy(out, text.ptr, text.len + 1);
    buf_release(&text);
}

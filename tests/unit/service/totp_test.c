#include "service/totp.h"

#include "dvc_test.h"

#define SECRET SLICE_LIT("12345678901234567890")

static wall_t at(int64_t seconds)
{
    return (wall_t){seconds * US_PER_SECOND};
}

/* RFC 6238, appendix B, for SHA-1: the last six of its eight digits. */
DVC_TEST(totp, vectors_of_the_rfc)
{
    static const struct {
        int64_t seconds;
        int32_t code;
    } vectors[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                   {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};

    for (size_t i = 0; i < DVC_COUNT(vectors); i++)
        DVC_EQ_INT(totp_code(SECRET, vectors[i].seconds / TOTP_STEP_SECONDS), vectors[i].code);
}

/* RFC 4226, appendix D: the counter itself. */
DVC_TEST(totp, vectors_of_the_counter)
{
    static const int32_t codes[] = {755224, 287082, 359152, 969429, 338314,
                                    254676, 287922, 162583, 399871, 520489};

    for (size_t i = 0; i < DVC_COUNT(codes); i++)
        DVC_EQ_INT(totp_code(SECRET, (int64_t)i), codes[i]);
}

DVC_TEST(totp, a_step_beside_will_do_and_none_further)
{
    struct slice code = SLICE_LIT("081804"); /* of step 37037036, at 1111111109 */
    int64_t step = 0;

    cr_assert(totp_matches(SECRET, at(1111111109), 0, code, &step));
    DVC_EQ_INT(step, 37037036);
    cr_assert(totp_matches(SECRET, at(1111111109 + 30), 0, code, &step));
    DVC_EQ_INT(step, 37037036);
    cr_assert(totp_matches(SECRET, at(1111111109 - 30), 0, code, &step));
    cr_assert(!totp_matches(SECRET, at(1111111109 + 61), 0, code, &step));
    cr_assert(!totp_matches(SECRET, at(1111111109 - 61), 0, code, &step));
}

DVC_TEST(totp, a_step_is_used_up)
{
    int64_t step = 0;

    cr_assert(totp_matches(SECRET, at(1111111109), 37037035, SLICE_LIT("081804"), &step));
    cr_assert(!totp_matches(SECRET, at(1111111109), 37037036, SLICE_LIT("081804"), &step));
    cr_assert(!totp_matches(SECRET, at(1111111109), 37037037, SLICE_LIT("081804"), &step));
}

DVC_TEST(totp, only_six_digits_are_a_code)
{
    static const char *const texts[] = {"",       "81804",   "0818045", "08180a",
                                        "-81804", "081 804", "081804;"};
    int64_t step = 0;

    for (size_t i = 0; i < DVC_COUNT(texts); i++)
        cr_assert(!totp_matches(SECRET, at(1111111109), 0, slice_str(texts[i]), &step), "%s",
                  texts[i]);
    cr_assert(totp_matches(SECRET, at(1111111109), 0, SLICE_LIT(" 081804 "), &step));
}

DVC_TEST(totp, the_address_for_a_telephone)
{
    struct buf buf = BUF_INIT(1024);

    totp_uri(&buf, SECRET, "dvcd", "a&b c");
    DVC_EQ_STR(buf.ptr, "otpauth://totp/dvcd:a%26b%20c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                        "&issuer=dvcd&algorithm=SHA1&digits=6&period=30");
    buf_release(&buf);
}

DVC_TEST(totp, recovery_codes_are_read_as_people_type_them)
{
    static const uint8_t bytes[TOTP_RECOVERY_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 255};
    struct buf buf = BUF_INIT(64);
    struct sha256 written, typed;

    totp_recovery_write(&buf, bytes);
    DVC_EQ_STR(buf.ptr, "aaaq-eaye-auda-och7");
    cr_assert(totp_recovery_digest(buf_slice(&buf), &written));
    for (size_t i = 0; i < buf.len; i++) {
        if (buf.ptr[i] == '-')
            buf.ptr[i] = ' ';
        else if (buf.ptr[i] >= 'a')
            buf.ptr[i] = (char)(buf.ptr[i] - 'a' + 'A');
    }
    cr_assert(totp_recovery_digest(buf_slice(&buf), &typed));
    cr_assert(memcmp(&written, &typed, sizeof(typed)) == 0);
    cr_assert(!totp_recovery_digest(slice_sub(buf_slice(&buf), 0, 18), &typed));
    cr_assert(!totp_recovery_digest(SLICE_LIT("123456"), &typed));
    cr_assert(!totp_recovery_digest(SLICE_LIT("aaaa-aaaa-aaaa-aaa1"), &typed));
    cr_assert(!totp_recovery_digest(SLICE_LIT("aaaa-aaaa-aaaa-aaaaa"), &typed));
    buf_release(&buf);
}

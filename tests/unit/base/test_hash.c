#include "base/hash.h"

#include "dvc_test.h"

#include <errno.h>

static const char *hex_of(struct sha256 digest)
{
    static char hex[SHA256_HEX_SIZE];

    sha256_hex(digest, hex);
    return hex;
}

/* FIPS 180-4 examples. */
DVC_TEST(hash, sha256)
{
    DVC_EQ_STR(hex_of(sha256_of(SLICE_NULL)),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    DVC_EQ_STR(hex_of(sha256_of(SLICE_LIT("abc"))),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231, test cases 2 and 3. */
DVC_TEST(hash, hmac)
{
    char key[20], data[50];

    memset(key, 0xaa, sizeof(key));
    memset(data, 0xdd, sizeof(data));
    DVC_EQ_STR(hex_of(hmac_sha256(SLICE_LIT("Jefe"), SLICE_LIT("what do ya want for nothing?"))),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    DVC_EQ_STR(
        hex_of(hmac_sha256((struct slice){key, sizeof(key)}, (struct slice){data, sizeof(data)})),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    DVC_EQ_STR(hex_of(hmac_sha256(SLICE_NULL, SLICE_NULL)),
               "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

DVC_TEST(hash, equal)
{
    cr_assert(hash_equal("abc", "abc", 3));
    cr_assert(!hash_equal("abc", "abd", 3));
    cr_assert(hash_equal("a", "b", 0));
}

DVC_TEST(hash, random_differs)
{
    uint8_t a[64] = {0}, b[64] = {0};

    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    cr_assert(memcmp(a, b, sizeof(a)) != 0);
}

DVC_TEST(hash, hex)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100);
    uint8_t out[3] = {9, 9, 9};

    buf_add_hex(&buf, "\x00\xab\xff", 3);
    DVC_EQ_STR(buf.ptr, "00abff");
    DVC_EQ_INT(hex_parse(SLICE_LIT("00aBFf"), out, 3), 0);
    cr_assert(memcmp(out, "\x00\xab\xff", 3) == 0);
    DVC_EQ_INT(hex_parse(SLICE_LIT("00ab"), out, 3), -EINVAL);
    DVC_EQ_INT(hex_parse(SLICE_LIT("00ab1"), out, 2), -EINVAL);
    DVC_EQ_INT(hex_parse(SLICE_LIT("0g0000"), out, 3), -EINVAL);
    cr_assert(out[0] == 0 && out[1] == 0xab, "a refused text must not touch the target");
}

/* RFC 4648, section 10. */
DVC_TEST(hash, base64)
{
    static const char *const plain[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
    static const char *const coded[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                        "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};

    for (size_t i = 0; i < DVC_COUNT(plain); i++) {
        struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100);

        buf_add_base64(&buf, plain[i], strlen(plain[i]));
        DVC_EQ_STR(buf.ptr, coded[i]);
        buf_clear(&buf);
        DVC_EQ_INT(base64_parse(slice_str(coded[i]), &buf), 0);
        DVC_EQ_STR(buf.ptr, plain[i]);
    }
}

DVC_TEST(hash, base64url)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100);

    buf_add_base64url(&buf, "\xfb\xff\xbf\xff", 4);
    DVC_EQ_STR(buf.ptr, "-_-__w");
}

DVC_TEST(hash, base64_refuses)
{
    static const char *const bad[] = {
        "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm-v", "Zm 9", "Zg==Zg==", "Zm8=Zm9v"};
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(6);

    buf_adds(&buf, "x");
    for (size_t i = 0; i < DVC_COUNT(bad); i++) {
        cr_assert(base64_parse(slice_str(bad[i]), &buf) == -EINVAL, "%s was read", bad[i]);
        DVC_EQ_STR(buf.ptr, "x");
    }
    DVC_EQ_INT(base64_parse(SLICE_LIT("Zm9vYmFy"), &buf), -EINVAL);
}

DVC_TEST(hash, uuid7)
{
    char a[UUID_TEXT_SIZE], b[UUID_TEXT_SIZE];

    uuid7_text(INT64_C(0x0123456789ab), a);
    uuid7_text(INT64_C(0x0123456789ac), b);
    DVC_EQ_INT(strlen(a), 36);
    cr_assert(strncmp(a, "01234567-89ab-7", 15) == 0, "%s", a);
    cr_assert(strchr("89ab", a[19]) != NULL, "%s", a);
    cr_assert(a[8] == '-' && a[13] == '-' && a[18] == '-' && a[23] == '-');
    DVC_EQ_INT(strspn(a, "0123456789abcdef-"), 36);
    cr_assert(strcmp(a, b) < 0, "later ids sort later");
    uuid7_text(INT64_C(0x0123456789ab), b);
    cr_assert(strcmp(a, b) != 0);
}

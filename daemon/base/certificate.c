#include "base/certificate.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <time.h>

int certificate_ends(const char *path, wall_t *ret)
{
    FILE *file = fopen(path, "re");
    X509 *certificate;
    struct tm at;
    int r = -EINVAL;

    if (file == NULL)
        return -errno;
    certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    if (certificate != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &at) == 1) {
        *ret = (wall_t){(int64_t)timegm(&at) * US_PER_SECOND};
        r = 0;
    }
    X509_free(certificate);
    return r;
}

/* The reference server of `make bench`: the least that could stand where capture stands.
 *
 * It reads HTTP/1.1 requests on kept-open connections, parses nothing but the length of the body, and answers.
 * `reference PORT` only answers: the price of the machine. `reference PORT FILE` appends every body to FILE and answers
 * after one fdatasync for all requests that were waiting (group commit): the price of durability without any validation.
 * The file grows, so every sync also pays for new blocks. `reference PORT FILE MB` overwrites a file of so many MB of zeros
 * that was made before, from its beginning again when it is full, as the product's own segments are used.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 1024
#define LARGEST (4 << 20)

struct connection { char *data; size_t used, room; int waiting; };
static struct connection connections[CONNECTIONS + 16];
static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"Ok\"}";

static size_t whole_request(struct connection *c, char **body, size_t *length) {
    char *end = memmem(c->data, c->used, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - c->data) + 4;
    *length = 0;
    for (char *line = c->data; line < end; line++)
        if (*line == '\n' && !strncasecmp(line + 1, "content-length:", 15)) { *length = strtoul(line + 16, NULL, 10); break; }
    if (c->used < head + *length) return 0;
    *body = c->data + head;
    return head + *length;
}

static off_t room, at; /* of a file that was made before; 0: it grows */

static void make(int log, long megabytes) {
    static char zeros[1 << 20];
    for (; megabytes > 0; megabytes--) {
        if (write(log, zeros, sizeof zeros) != sizeof zeros) { perror("make"); exit(1); }
        room += sizeof zeros;
    }
    fdatasync(log);
}

static int append(int log, const char *body, size_t length) {
    if (!room) return write(log, body, length) == (ssize_t)length;
    if (at + (off_t)length > room) at = 0;
    at += (off_t)length;
    return pwrite(log, body, length, at - (off_t)length) == (ssize_t)length;
}

int main(int count, char **arguments) {
    int log = count > 2 ? open(arguments[2], O_CREAT | O_TRUNC | O_WRONLY, 0600) : -1;
    if (count > 3) make(log, atol(arguments[3]));
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512)) { perror("listen"); return 1; }
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, ready[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    static int waiting[CONNECTIONS];
    for (;;) {
        int n = epoll_wait(poll, ready, 256, -1), held = 0;
        for (int i = 0; i < n; i++) {
            int fd = ready[i].data.fd;
            if (fd == listener) {
                int fresh = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (fresh < 0 || fresh >= CONNECTIONS) { if (fresh >= 0) close(fresh); continue; }
                setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                event.data.fd = fresh;
                epoll_ctl(poll, EPOLL_CTL_ADD, fresh, &event);
                connections[fresh].used = 0;
                continue;
            }
            struct connection *c = &connections[fd];
            for (;;) {
                if (c->room - c->used < 65536) { c->room = c->room ? c->room * 2 : 131072; c->data = realloc(c->data, c->room); }
                if (c->room > LARGEST) { close(fd); break; }
                ssize_t got = read(fd, c->data + c->used, c->room - c->used);
                if (got > 0) { c->used += (size_t)got; continue; }
                if (got == 0 || errno != EAGAIN) { close(fd); c->used = 0; }
                break;
            }
            char *body; size_t length, size = c->used ? whole_request(c, &body, &length) : 0;
            if (!size) continue;
            if (log >= 0 && !append(log, body, length)) { close(fd); continue; }
            memmove(c->data, c->data + size, c->used - size);
            c->used -= size;
            if (log >= 0) waiting[held++] = fd;
            else if (write(fd, ANSWER, sizeof ANSWER - 1) < 0) close(fd);
        }
        if (held) {
            fdatasync(log);
            for (int i = 0; i < held; i++)
                if (write(waiting[i], ANSWER, sizeof ANSWER - 1) < 0) close(waiting[i]);
        }
    }
}

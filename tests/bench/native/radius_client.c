/*
 * radius_client.c - sends RADIUS requests as fast as a server answers them. Prints how many a
 * second, and how many it never answered: each is sent again every second, and given up after four.
 *
 * Arguments: the server's port on 127.0.0.1, a file of requests one after the other, and how many
 * may be on their way at a time (1 to 256): the identifier of request i is i modulo that number, and
 * its last attribute, Proxy-State, is i.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SLOTS_MAX 256
#define REQUEST_BYTES_MIN 20
#define PROXY_STATE 33
#define LOOK_SECONDS 0.1
#define RESEND_SECONDS 1.0
#define GIVE_UP_SECONDS 4.0

static uint8_t *bytes;
static uint32_t *starts; /* where each request begins, and where the last one ends */
static uint32_t requests;
static int server;

static void fail(const char *what) {
  fprintf(stderr, "Cannot measure RADIUS: %s\n", what);
  exit(1);
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    fail("the requests cannot be read");
  }
  long length = ftell(file);
  rewind(file);
  bytes = malloc((size_t)length);
  starts = malloc(((size_t)length / REQUEST_BYTES_MIN + 1) * sizeof starts[0]);
  if (bytes == NULL || starts == NULL || fread(bytes, 1, (size_t)length, file) != (size_t)length) {
    fail("the requests cannot be read");
  }
  fclose(file);
  uint32_t at = 0;
  while (at + REQUEST_BYTES_MIN <= (uint32_t)length) {
    starts[requests++] = at;
    uint32_t request_bytes = (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (request_bytes < REQUEST_BYTES_MIN) {
      fail("a request is shorter than its header");
    }
    at += request_bytes;
  }
  starts[requests] = at;
}

static void send_request(uint32_t i) {
  /* What the system does not take is sent again like what got lost. */
  (void)!send(server, bytes + starts[i], starts[i + 1] - starts[i], 0);
}

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void connect_to(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct timeval limit = {.tv_usec = 100000};
  server = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
    fail("there is no socket");
  }
}

/* The server gives back what the last attribute says: which request it was. */
static uint32_t request_of(const uint8_t *answer, ssize_t length) {
  for (ssize_t at = REQUEST_BYTES_MIN; at + 6 <= length && answer[at + 1] >= 2;
       at += answer[at + 1]) {
    if (answer[at] == PROXY_STATE && answer[at + 1] == 6) {
      uint32_t request;
      memcpy(&request, answer + at + 2, sizeof request);
      return ntohl(request);
    }
  }
  return UINT32_MAX;
}

typedef struct slot {
  uint32_t request; /* the request of each slot; `requests` or more: none */
  double first_sent;
  double last_sent;
} slot;

static void start_request(slot *s, uint32_t request) {
  *s = (slot){request, now_seconds(), now_seconds()};
  if (request < requests) {
    send_request(request);
  }
}

/* Returns how many requests are given up. */
static uint32_t look_after(slot *all, uint32_t slots) {
  uint32_t lost = 0;
  double now = now_seconds();
  for (uint32_t i = 0; i < slots; i++) {
    if (all[i].request >= requests || now - all[i].last_sent < RESEND_SECONDS) {
      continue;
    }
    if (now - all[i].first_sent > GIVE_UP_SECONDS) {
      lost++;
      start_request(&all[i], all[i].request + slots);
    } else {
      all[i].last_sent = now;
      send_request(all[i].request);
    }
  }
  return lost;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fail("wanted are PORT FILE SLOTS");
  }
  uint32_t slots = (uint32_t)atoi(arguments[3]);
  load(arguments[2]);
  if (slots < 1 || slots > SLOTS_MAX || requests < slots) {
    fail("wanted are 1 to 256 slots, and at least as many requests");
  }
  connect_to((uint16_t)atoi(arguments[1]));
  slot all[SLOTS_MAX];
  double start = now_seconds();
  for (uint32_t i = 0; i < slots; i++) {
    start_request(&all[i], i);
  }
  uint32_t lost = 0;
  uint32_t answered = 0;
  double looked = start;
  while (answered + lost < requests) {
    uint8_t answer[4096];
    ssize_t length = recv(server, answer, sizeof answer, 0);
    if (length >= REQUEST_BYTES_MIN) {
      slot *s = &all[answer[1] % slots];
      if (s->request < requests && s->request == request_of(answer, length)) {
        answered++;
        start_request(s, s->request + slots);
      }
    }
    if (now_seconds() - looked > LOOK_SECONDS) {
      looked = now_seconds();
      lost += look_after(all, slots);
    }
  }
  printf("{\"perSecond\": %.1f, \"lost\": %u}\n", answered / (now_seconds() - start), lost);
  close(server);
  return 0;
}

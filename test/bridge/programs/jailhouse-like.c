/*
 * A jailhouse command of a few lines, as somebody might write one in C: requests by number, structs by hand.
 *
 *   enable FILE | disable | create FILE | load ID FILE | start ID | destroy ID | list | console
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct cell_create {
  uint64_t config_address;
  uint32_t config_size;
  uint32_t padding;
};

struct cell_id {
  int32_t id;
  uint32_t padding;
  char name[32];
};

struct image {
  uint64_t source_address;
  uint64_t size;
  uint64_t target_address;
  uint64_t padding;
};

struct cell_load {
  struct cell_id id;
  uint32_t num_preload_images;
  uint32_t padding;
  struct image images[2];
};

#define ENABLE _IOW(0, 0, void *)
#define DISABLE _IO(0, 1)
#define CELL_CREATE _IOW(0, 2, struct cell_create)
#define CELL_LOAD 0x40300003
#define CELL_START _IOW(0, 4, struct cell_id)
#define CELL_DESTROY _IOW(0, 5, struct cell_id)

static void fail(const char *what)
{
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static void *read_file(const char *path, size_t *size)
{
  struct stat status;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || fstat(fd, &status) < 0)
    fail(path);
  void *bytes = malloc(status.st_size ? status.st_size : 1);
  *size = read(fd, bytes, status.st_size);
  close(fd);
  return bytes;
}

static void print_file(const char *format, const char *id)
{
  char path[256], line[64] = "";
  snprintf(path, sizeof path, format, id);
  FILE *file = fopen(path, "r");
  if (!file)
    fail(path);
  if (!fgets(line, sizeof line, file))
    fail("fgets");
  line[strcspn(line, "\n")] = 0;
  printf(" %s", line);
  fclose(file);
}

static int list(void)
{
  struct dirent **entries;
  int count = scandir("/sys/devices/jailhouse/cells", &entries, NULL, alphasort);
  if (count < 0)
    fail("scandir");
  for (int i = 0; i < count; i++) {
    if (entries[i]->d_name[0] != '.') {
      printf("%s", entries[i]->d_name);
      print_file("/sys/devices/jailhouse/cells/%s/name", entries[i]->d_name);
      print_file("/sys/devices/jailhouse/cells/%s/state", entries[i]->d_name);
      print_file("/sys/devices/jailhouse/cells/%s/cpus_assigned_list", entries[i]->d_name);
      printf("\n");
    }
    free(entries[i]);
  }
  free(entries);
  return 0;
}

static int console(int fd)
{
  char text[128];
  ssize_t length;
  if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
    fail("fcntl");
  while ((length = read(fd, text, sizeof text)) > 0)
    fwrite(text, 1, length, stdout);
  if (length < 0)
    fail("read(console)");
  return 0;
}

int main(int argc, char *argv[])
{
  const char *command = argv[1];
  const char *argument = argc > 2 ? argv[2] : "";
  size_t size;
  int result;

  if (!strcmp(command, "list"))
    return list();
  int fd = open("/dev/jailhouse", O_RDWR);
  if (fd < 0)
    fail("opening /dev/jailhouse");
  struct cell_id id = {.id = atoi(argument)};
  if (!strcmp(command, "console"))
    return console(fd);
  if (!strcmp(command, "enable")) {
    result = ioctl(fd, ENABLE, read_file(argument, &size));
  } else if (!strcmp(command, "disable")) {
    result = ioctl(fd, DISABLE);
  } else if (!strcmp(command, "create")) {
    struct cell_create create = {.config_address = (uintptr_t)read_file(argument, &size)};
    create.config_size = size;
    result = ioctl(fd, CELL_CREATE, &create);
  } else if (!strcmp(command, "load")) {
    struct cell_load load = {.id = id, .num_preload_images = 2};
    load.images[0].source_address = (uintptr_t)read_file(argv[3], &size);
    load.images[0].size = size;
    load.images[1].source_address = (uintptr_t) "appended";
    load.images[1].target_address = 0x8000;
    load.images[1].size = 8;
    result = ioctl(fd, CELL_LOAD, &load);
  } else {
    result = ioctl(fd, !strcmp(command, "start") ? CELL_START : CELL_DESTROY, &id);
  }
  if (result < 0)
    fail(command);
  close(fd);
  return 0;
}

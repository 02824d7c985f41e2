// measure COUNT COMMAND…: runs it COUNT times with its output thrown away; prints the median of the
// wall-clock time in milliseconds and the largest resident memory in MiB. Fails when the command does.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int argc, char** argv) {
  const int count = argc > 2 ? std::atoi(argv[1]) : 0;
  if (count < 1) return std::fprintf(stderr, "measure COUNT COMMAND…\n"), 2;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  std::vector<double> times;
  long memoryKiB = 0;
  for (int i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    pid_t pid = 0;
    int status = 0;
    rusage usage{};
    if (posix_spawnp(&pid, argv[2], &actions, nullptr, argv + 2, environ) != 0) return 127;
    wait4(pid, &status, 0, &usage);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    if (status != 0) return std::fprintf(stderr, "measure: %s failed\n", argv[2]), 1;
    memoryKiB = std::max(memoryKiB, usage.ru_maxrss);
  }
  std::nth_element(times.begin(), times.begin() + count / 2, times.end());
  std::printf("%.2f %.1f\n", times[count / 2], memoryKiB / 1024.0);
}

#pragma once
// Clients of many kinds at one address, all the time; each remembers what was lost.
//
//   HttpLoad load(url);
//   ASSERT_TRUE(load.served());      // every kind has been answered
//   … switch the release …
//   ASSERT_TRUE(load.served());      // and again, since this call
//   const HttpLoad::Report report = load.stop();
//   EXPECT_EQ(report.lost, std::vector<std::string>());
//
// It asks what examples/hello-local's server answers: /, /slow, /upload, /ws.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cairn::testing {

class HttpLoad {
 public:
  struct Report {
    std::map<std::string, int> answered;  // by kind: fresh, keep-alive, slow, upload, websocket
    std::vector<std::string> lost;        // a sentence each
    std::set<std::string> bodies;         // what GET / answered
    std::string text() const;
  };

  // Begins at once.
  explicit HttpLoad(const std::string& url);
  ~HttpLoad();
  HttpLoad(const HttpLoad&) = delete;

  // Waits until a request of every kind that was sent after this call has been answered. False after 30 s,
  // and when one was lost.
  bool served();
  // Lets what is under way end.
  Report stop();

 private:
  // One request or conversation; returns what went wrong.
  using Ask = std::function<std::string()>;

  void begin(const std::string& kind, Ask ask);
  int currentRound();
  std::string get(const std::string& path);
  std::string upload();
  std::string talk();
  // Waits so long, or until the end.
  void pause(int milliseconds);

  const std::string address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Report report_;
  bool stopping_ = false;
  int round_ = 0;  // calls of served()
  std::map<std::string, int>
      seen_;  // by kind: the newest round in which a request was sent that has been answered
  std::vector<std::thread> clients_;
};

}  // namespace cairn::testing

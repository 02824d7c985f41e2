#pragma once
// One request and its response: chooses the backend, streams both bodies with back-pressure, tunnels after an
// upgrade.

#include "entrypoint/proxy/backend.h"
#include "entrypoint/proxy/http_head.h"

#include <optional>

namespace cairn::entrypoint {

struct Timeouts {
  std::chrono::milliseconds idle{75'000};       // between a client's requests
  std::chrono::milliseconds head{30'000};       // for a request's head, once it has begun
  std::chrono::milliseconds client{300'000};    // until it sends the next piece of a body, or takes one
  std::chrono::milliseconds connect{5'000};     // to the backend
  std::chrono::milliseconds response{300'000};  // for the backend's first byte of a response, or that it
                                                // takes the next piece of a request's body
};

// What a client's connection waits for at the moment. It is looked at a few times a second from outside,
// which is far cheaper than a timer for each wait.
struct Watch {
  // Stream: the next piece of a response, which may come when it likes, as that of a stream of events.
  enum class For { Request, Upload, Connect, Response, Stream, Send, Tunnel };

  void set(For what, Clock::duration timeout) {
    waitsFor = what;
    deadline = Clock::now() + timeout;
  }
  // Ends what is overdue, or what the client has gone away from. One that has closed its sending side has
  // gone.
  void check(Connection& client, Clock::time_point now);

  For waitsFor = For::Request;
  Clock::time_point deadline;
  Socket* backend = nullptr;  // what is closed to end the wait for a backend
  bool timedOut = false;      // that was done
};

class Exchange {
 public:
  // `request` holds a head that findFault() let pass. All references outlive the exchange.
  Exchange(std::shared_ptr<Backend> backend, Connection& client, RequestParser& request, Watch& watch,
           const Timeouts& timeouts, std::string_view clientAddress);

  // Serves it. True if the client's connection can be used for another request.
  // `stopping` is read when the response begins: the client is then told to close.
  Task<bool> run(const bool& stopping);

 private:
  enum class Reply { Arrived, Stale, Failed, ClientLeft };

  Task<Reply> ask(Clock::duration maxIdle);
  Task<error_code> obtainConnection(Clock::duration maxIdle);
  Task<Reply> awaitResponseHead();
  Task<error_code> passInformation();
  void startUpload();
  Task<void> upload();
  Task<void> stopUpload();
  Task<bool> relayResponse(bool stopping);
  Task<error_code> relayBody(bool chunked);
  Task<error_code> sendPiece(std::string_view before, std::string_view bytes, bool chunked, bool last);
  Task<bool> answerFailure();
  Task<void> tunnel();
  Task<void> copy(Connection& from, Connection& to);
  std::string_view connectionWord(bool keep) const;

  Backend::Use use_;
  Connection& client_;
  RequestParser& request_;
  Watch& watch_;
  const Timeouts& timeouts_;
  const bool isHead_;
  const bool hasBody_;
  const bool upgrade_;
  const unsigned version_;
  std::string head_;  // reused: the request's, then the response's
  std::unique_ptr<Connection> connection_;
  bool pooled_ = false;
  std::optional<ResponseParser> response_;
  error_code failure_;
  bool responseBegan_ = false;
  bool uploading_ = false;
  bool uploadUnwanted_ = false;
  error_code uploadError_;  // the client's, not the backend's
  Signal sideDone_;         // the upload, or the other direction of a tunnel
};

}  // namespace cairn::entrypoint

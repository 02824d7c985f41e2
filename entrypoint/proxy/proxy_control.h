#pragma once
// The proxy's answers on its control socket; proxy_server.h says what they are.

#include "entrypoint/flat_json.h"
#include "entrypoint/proxy/proxy_state.h"
#include "entrypoint/proxy/session.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <list>

namespace cairn::entrypoint {

class ProxyControl {
 public:
  using Local = asio::local::stream_protocol;

  // `listener` is a descriptor of listenControl(), or -1 for none; `state` is kept up to date with each
  // switch.
  ProxyControl(Executor executor, Proxy& proxy, int listener, ProxyState& state, std::string stateFile);

  Task<void> run();
  // Ends those that have said nothing for too long.
  void check(Clock::time_point now);
  // No more commands; the answer to one that is under way is still given.
  void close();

 private:
  using LocalSocket = asio::basic_stream_socket<Local, Executor>;

  struct Reading {
    LocalSocket* client;
    Clock::time_point deadline;
  };

  Task<void> serve(LocalSocket client);
  Task<FlatJson> answer(const std::string& line);
  Task<FlatJson> switchBackend(const FlatJson& request);
  FlatJson status() const;

  Executor executor_;
  Proxy& proxy_;
  ProxyState& state_;
  std::string stateFile_;
  asio::basic_socket_acceptor<Local, Executor> acceptor_;
  std::list<Reading> reading_;  // clients whose command has not come yet
};

}  // namespace cairn::entrypoint

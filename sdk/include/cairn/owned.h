#pragma once
// A Cap'n Proto struct that its holder owns: what a plugin function makes and returns.
//
//   cairn::Owned<cairn::wire::DockerImage> image;
//   image->setReference("shop-web:latest");
//   return image;

#include <capnp/message.h>

#include <memory>

namespace cairn {

// Moves cheaply, doesn't copy. Readers and builders got from it are valid as long as it lives, also after a
// move.
template <typename T>
class Owned {
 public:
  using Type = T;

  Owned()
      : message_(std::make_unique<capnp::MallocMessageBuilder>()), root_(message_->template initRoot<T>()) {}
  explicit Owned(typename T::Reader source)
      : message_(std::make_unique<capnp::MallocMessageBuilder>()), root_(nullptr) {
    message_->setRoot(source);
    root_ = message_->template getRoot<T>();
  }

  typename T::Builder* operator->() { return &root_; }
  typename T::Builder& operator*() { return root_; }
  typename T::Reader reader() const { return root_.asReader(); }

 private:
  std::unique_ptr<capnp::MallocMessageBuilder> message_;
  typename T::Builder root_;
};

}  // namespace cairn

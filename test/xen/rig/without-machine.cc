// Stands in for the machine, which takes minutes to compile and which no command of dom0 needs: linked with native/addon.cc.
#include "machine/binding/machine_object.h"

namespace cellvisor::binding {

void defineMachine(napi_env, napi_value) {}

}  // namespace cellvisor::binding

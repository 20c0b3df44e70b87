# Warnings are errors in the everyday build; sanitizers and coverage apply to everything that is built.
add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wwrite-strings -Wcast-qual -Wvla -Wformat=2 -Wundef -Werror
  -fno-strict-aliasing -fstack-protector-strong -D_GNU_SOURCE)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
# Assertions are for what cannot happen, and stay on in every build.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE} -g")

if(AYNI_SANITIZE)
  add_compile_options(-fsanitize=${AYNI_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${AYNI_SANITIZE})
  if(AYNI_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
if(AYNI_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

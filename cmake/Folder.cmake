# vigie_folder(base LIBS a b ...): every .cpp of the calling folder and its subfolders as the static library vigie_base.
# COLD: no mention's way leads through it; it is compiled a third faster for code that is a little slower. EXCLUDE: files and folders
# that are built elsewhere.
function(vigie_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "COLD" "" "LIBS;EXCLUDE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(other IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${other}(/|$)")
  endforeach()
  if(sources)
    add_library(vigie_${name} STATIC ${sources})
    target_link_libraries(vigie_${name} PUBLIC vigie_options ${arg_LIBS})
    if(arg_COLD)
      vigie_common(vigie_${name} cold)
    else()
      vigie_common(vigie_${name} hot)
    endif()
  else()
    add_library(vigie_${name} INTERFACE)
    target_link_libraries(vigie_${name} INTERFACE vigie_options ${arg_LIBS})
  endif()
endfunction()

# What every target of ours has: precompiled headers, clang-tidy under its preset. Standard headers are compiled once (base/pch.h) for each
# kind of target: hot, cold, test (with GoogleTest's).
function(vigie_common target kind)
  if(NOT kind STREQUAL "hot")
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Og>)
  endif()
  if(VIGIE_TIDY)
    target_compile_options(${target} PRIVATE -include ${PROJECT_SOURCE_DIR}/base/pch.h)  # clang-tidy reads no precompiled header
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "clang-tidy;--quiet")
    return()
  endif()
  get_property(owner GLOBAL PROPERTY vigie_${kind}_headers)
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
    return()
  endif()
  set_property(GLOBAL PROPERTY vigie_${kind}_headers ${target})
  target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/base/pch.h)
  if(kind STREQUAL "test")
    target_precompile_headers(${target} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endfunction()

# vigie_test(base LIBS ...): tests/base/*.cpp as the program test_base; one ctest entry a TEST, named Suite.Name.
function(vigie_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE vigie_options ${arg_LIBS} vigie_test_support GTest::gmock GTest::gtest_main)
  target_compile_definitions(test_${name} PRIVATE VIGIE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" VIGIE_BINARY="$<TARGET_FILE:vigie>")
  vigie_common(test_${name} test)
  # A property draws the same cases every time here, so that a change fails on its own fault alone; the program run by
  # hand draws anew (tests/alerts/often.h).
  gtest_discover_tests(test_${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 600 ENVIRONMENT "RC_PARAMS=seed=20261121")
endfunction()

"""How long a function's environment takes to start, by runtime and memory."""

from __future__ import annotations

MEASURED = "github.com/maxday/lambda-perf, August 2026"
SIZES_MB = (128.0, 512.0, 1024.0)
PLACE_M, PLACE_V = 0.125, 0.15**2 / 12  # placing a sandbox takes 50 to 200 ms: weak source
PACKAGE_MB_PER_S = 250.0  # code that is fetched and unpacked: assumption

# Init duration of an empty handler, and of its first run on top, at 128, 512 and 1,024 MB, in ms:
# medians of ten, x86_64, zip. H for an empty handler.
RUNTIMES = {
    "python3.12": ((84, 82, 82), (0, 0, 0)),
    "python3.14": ((101, 101, 104), (0, 0, 0)),
    "nodejs22.x": ((138, 138, 139), (17, 0, 0)),
    "nodejs24.x": ((134, 128, 130), (0, 0, 0)),
    "java21": ((243, 234, 235), (90, 32, 7)),
    "java17": ((197, 200, 210), (0, 0, 0)),
    "dotnet8": ((245, 250, 238), (715, 169, 75)),
    "dotnet8_aot": ((88, 85, 86), (0, 0, 0)),
    "ruby3.4": ((216, 230, 233), (0, 0, 0)),
    "go": ((49, 50, 51), (0, 0, 0)),
    "rust": ((16, 15, 15), (0, 0, 0)),
    "graalvm_java21": ((153, 156, 152), (158, 30, 16)),
}
RESTORE_MS = (822.0, 622.0)  # github.com/maxday/lambda-perf, October 2024: SnapStart, 128, 512 MB


def language_ms(runtime: str, memory_mb: float) -> float:
    """Init and first run of an empty handler; between the measured sizes by interpolation."""
    empty, first = RUNTIMES[runtime]
    return _between(memory_mb, empty) + _between(memory_mb, first)


def restore_ms(memory_mb: float) -> float:
    """Restoring a snapshot of a Java function; from 512 MB on as at 512 MB."""
    return _between(memory_mb, RESTORE_MS)


def _between(memory_mb: float, values: tuple[float, ...]) -> float:
    sizes = SIZES_MB[: len(values)]
    for i in range(len(sizes) - 1):
        if memory_mb < sizes[i + 1]:
            part = max(0.0, (memory_mb - sizes[i]) / (sizes[i + 1] - sizes[i]))
            return values[i] + (values[i + 1] - values[i]) * part
    return values[-1]


def package_s(package_mb: float) -> float:
    """Fetching the code."""
    return package_mb / PACKAGE_MB_PER_S

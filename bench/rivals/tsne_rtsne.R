# Rtsne (Barnes-Hut, van der Maaten's code) on an array, timed.
# Usage: tsne_rtsne.R X.bin n d OUT.bin threads; arrays are float32, row by row.
arguments <- commandArgs(trailingOnly = TRUE)
if (!requireNamespace("Rtsne", quietly = TRUE)) stop("No module named Rtsne")
n <- as.integer(arguments[2])
d <- as.integer(arguments[3])
points <- matrix(readBin(arguments[1], "numeric", n * d, size = 4), n, d, byrow = TRUE)
set.seed(0)
start <- proc.time()[["elapsed"]]
found <- Rtsne::Rtsne(
  points, pca = FALSE, perplexity = 30, check_duplicates = FALSE, num_threads = as.integer(arguments[5])
)
seconds <- proc.time()[["elapsed"]] - start
writeBin(as.vector(t(found$Y)), arguments[4], size = 4)
status <- readLines("/proc/self/status")
kibibytes <- as.numeric(gsub("[^0-9]", "", status[startsWith(status, "VmHWM")]))
cat(sprintf(
  '{"seconds": %f, "mebibytes": %f, "version": "%s"}',
  seconds, kibibytes / 1024, as.character(utils::packageVersion("Rtsne"))
))

# The reference: R's surveillance over its own weekly series.  Writes series.csv, results.csv and
# seconds.csv into the folder given.  Names of columns and configurations are those of
# benchmarks/cases/warning_reference.py.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "surveillance_series.R"))
flexible <- list(
  windows = list(b = 3, w = 3, noPeriods = 1, alpha = 0.05, thresholdMethod = "delta"),
  plugin = list(b = 3, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, alpha = 0.01,
                thresholdMethod = "nbPlugin"),
  muan = list(b = 3, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, alpha = 0.01,
              thresholdMethod = "muan", pThresholdTrend = 1),
  delta = list(b = 3, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, alpha = 0.005,
               thresholdMethod = "delta", powertrans = "2/3"),
  unweighted = list(b = 2, w = 3, noPeriods = 1, alpha = 0.05, reweight = FALSE,
                    powertrans = "none"),
  half = list(b = 3, w = 2, noPeriods = 5, alpha = 0.05, powertrans = "1/2", trend = FALSE,
              weightsThreshold = 1.5)
)
series <- list(); results <- list(); spent <- list()
for (set in sets) {
  all <- load_one(set)
  for (column in seq_len(ncol(all))) {
    counts <- as.numeric(observed(all[, column]))
    if (all@freq != 52 || length(counts) < 52 * 3 + 40) next
    name <- paste0(set, ".", column)
    series[[name]] <- data.frame(name = name, count = counts)
    one <- sts(observed = counts, start = c(2000, 1), frequency = 52)
    range <- (length(counts) - 29):length(counts)
    for (how in names(flexible)) {
      begin <- proc.time()[3]
      found <- suppressWarnings(
        farringtonFlexible(one, control = c(list(range = range), flexible[[how]])))
      spent[[paste(name, how)]] <- data.frame(how = how, seconds = proc.time()[3] - begin,
                                              weeks = length(range))
      told <- control(found)
      results[[paste(name, how)]] <- data.frame(
        name = name, how = how, week = range - 1, expected = as.numeric(told$expected),
        upper = as.numeric(upperbound(found)), phi = as.numeric(told$phiVector),
        alarm = as.numeric(alarms(found)))
    }
    for (method in c("C1", "C2", "C3")) {
      found <- earsC(one, control = list(range = range, method = method, baseline = 7,
                                         minSigma = 0, alpha = 0.001))
      results[[paste(name, method)]] <- data.frame(
        name = name, how = method, week = range - 1, expected = NA,
        upper = as.numeric(upperbound(found)), phi = NA, alarm = as.numeric(alarms(found)))
    }
  }
}
write.csv(do.call(rbind, series), file.path(out, "series.csv"), row.names = FALSE)
write.csv(do.call(rbind, results), file.path(out, "results.csv"), row.names = FALSE)
write.csv(do.call(rbind, spent), file.path(out, "seconds.csv"), row.names = FALSE)

# The reference: R's surveillance over its own series, for benchmarks/cases/warning_detectors.py,
# whose names of methods these are.  Writes series.csv, results.csv and seconds.csv into the folder.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "surveillance_series.R"))
series <- list(); results <- list(); spent <- list()
keep <- function(name, how, range, expected, upper, statistic, alarm, seconds) {
  results[[paste(name, how)]] <<- data.frame(
    name = name, how = how, week = range - 1, expected = as.numeric(expected),
    upper = as.numeric(upper), statistic = as.numeric(statistic), alarm = as.numeric(alarm))
  spent[[paste(name, how)]] <<- data.frame(how = how, seconds = seconds, weeks = length(range))
}
timed <- function(call) {
  begin <- proc.time()[3]
  found <- suppressMessages(suppressWarnings(call))
  list(found = found, seconds = proc.time()[3] - begin)
}
ears <- list(c1 = list(method = "C1", minSigma = 0, alpha = 0.001),
             c2 = list(method = "C2", minSigma = 0.5, alpha = 0.01),
             c3 = list(method = "C3", minSigma = 0.5, alpha = 0.025))
refs <- list("1" = list(b = 0, w = 6, actY = TRUE), "2" = list(b = 1, w = 6, actY = TRUE),
             "3" = list(b = 2, w = 4, actY = FALSE))
# The definition of the chart, maximised by R's own optimize.  glrnb's maximum stops early: over
# lambda where it is small and mostly where counts are overdispersed, over kappa where the count is
# many times the mean.
definition <- function(y, mu, threshold, alpha, window, epidemic) {
  told <- c(); since <- 1; before <- c(NA, y[-length(y)])
  for (now in seq_along(y)) {
    best <- 0
    for (k in max(since, now - window):now) {
      i <- k:now
      if (epidemic) i <- i[!is.na(before[i]) & before[i] > 0]
      if (!length(i)) next
      ratio <- function(size) {
        one <- if (epidemic) mu[i] + size * before[i] else mu[i] * exp(size)
        if (alpha == 0) sum(dpois(y[i], one, log = TRUE) - dpois(y[i], mu[i], log = TRUE))
        else sum(dnbinom(y[i], mu = one, size = 1 / alpha, log = TRUE) -
                 dnbinom(y[i], mu = mu[i], size = 1 / alpha, log = TRUE))
      }
      top <- if (epidemic) max((y[i] - mu[i]) / before[i]) else max(log(y[i] / mu[i]))
      if (top <= 0) next
      ends <- top * (0:20 / 20)^2
      near <- which.max(sapply(ends, ratio))
      found <- optimize(ratio, ends[c(max(near - 1, 1), min(near + 1, 21))], maximum = TRUE,
                        tol = 1e-10)
      best <- max(best, found$objective)
    }
    told <- c(told, best)
    if (best >= threshold) since <- now + 1
  }
  told
}
for (set in sets) {
  all <- load_one(set)
  for (column in seq_len(ncol(all))) {
    counts <- as.numeric(observed(all[, column]))
    if (all@freq != 52 || length(counts) < 52 * 3 + 40) next
    name <- paste0(set, ".", column)
    series[[name]] <- data.frame(name = name, count = counts)
    one <- sts(observed = counts, start = c(2000, 1), frequency = 52)
    old <- sts2disProg(one)
    range <- (length(counts) - 51):length(counts)
    for (how in names(ears)) {
      told <- timed(earsC(one, control = c(list(range = range, baseline = 7), ears[[how]])))
      keep(name, how, range, NA, upperbound(told$found), NA, alarms(told$found), told$seconds)
    }
    for (how in names(refs)) {
      told <- timed(algo.bayes(old, control = c(list(range = range, alpha = 0.01), refs[[how]])))
      keep(name, paste0("bayes", how), range, NA, told$found$upperbound, NA, told$found$alarm,
           told$seconds)
      told <- timed(algo.rki(old, control = c(list(range = range), refs[[how]])))
      keep(name, paste0("rki", how), range, NA, told$found$upperbound, NA, told$found$alarm,
           told$seconds)
    }
    for (how in c("standard", "rossi")) {
      told <- timed(algo.cusum(old, control = list(range = range, k = 1.04, h = 2.26,
                                                   trans = how)))
      keep(name, how, range, NA, told$found$upperbound, told$found$cusum, told$found$alarm,
           told$seconds)
    }
    base <- list(range = range, c.ARL = 5, dir = "inc", ret = "value", Mtilde = 1)
    wave <- list(mu0 = list(S = 1, trend = TRUE, refit = FALSE))
    first <- range[1] - 1
    if (sum(counts[1:first]) < 30) next  # too few for a seasonal model
    told <- timed(algo.glrnb(old, control = c(base, wave, list(alpha = 0, change = "intercept",
                                                               M = -1))))
    mu <- as.numeric(told$found$control$mu0)
    keep(name, "glr_poisson", range, mu, NA, told$found$upperbound, told$found$alarm, told$seconds)
    told <- timed(algo.glrnb(old, control = c(base, list(mu0 = mu, alpha = 0.1, M = -1,
                                                         change = "intercept"))))
    keep(name, "glr_negbin", range, mu, NA, told$found$upperbound, told$found$alarm, told$seconds)
    told <- timed(algo.glrnb(old, control = c(base, list(mu0 = mu, alpha = 0.1, M = -1,
                                              change = "intercept", theta = log(2)))))
    keep(name, "lr_negbin", range, mu, NA, told$found$upperbound, told$found$alarm, told$seconds)
    told <- timed(algo.glrnb(old, control = c(base, list(mu0 = mu, alpha = 0, M = 20,
                                              change = "epi"))))
    keep(name, "epi_poisson", range, mu, NA, told$found$upperbound, told$found$alarm, told$seconds)
    for (how in c("epi_poisson", "epi_negbin", "glr_negbin")) {
      told <- timed(definition(counts[range], mu, 5, if (how == "epi_poisson") 0 else 0.1,
                               if (how == "glr_negbin") 52 else 20, how != "glr_negbin"))
      keep(name, paste0(how, "_defined"), range, mu, NA, told$found, told$found >= 5,
           told$seconds)
    }
    # R's estimate of the overdispersion does not come to an end for some of the series.
    told <- try(timed(algo.glrnb(old, control = c(base, wave, list(
      alpha = NULL, M = -1, change = "intercept")))), silent = TRUE)
    if (!inherits(told, "try-error"))
      keep(name, "alpha", range, told$found$control$mu0, NA, told$found$control$alpha, NA,
           told$seconds)
  }
}
write.csv(do.call(rbind, series), file.path(out, "series.csv"), row.names = FALSE)
write.csv(do.call(rbind, results), file.path(out, "results.csv"), row.names = FALSE)
write.csv(do.call(rbind, spent), file.path(out, "seconds.csv"), row.names = FALSE)

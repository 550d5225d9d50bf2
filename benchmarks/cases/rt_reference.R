# The reference: R's EpiEstim on the data sets it ships, and on speed.csv (a series a row) in the
# folder given.  Writes series, serials, results, draws and seconds as CSV into that folder.  Names
# are those of benchmarks/cases/rt_reference.py.
suppressMessages(library(EpiEstim))
options(digits = 17)
out <- commandArgs(TRUE)[1]
quiet <- function(x) suppressWarnings(suppressMessages(x))
moments <- list(Flu1918 = c(2.6, 1.5), Flu2009 = c(2.6, 1.5), SARS2003 = c(8.4, 3.8),
                Measles1861 = c(14.9, 3.9), Smallpox1972 = c(22.4, 6.1))
names <- c("t_start", "t_end", "mean", "sd", "q0.025", "q0.05", "q0.25", "q0.5", "q0.75", "q0.95",
           "q0.975")
series <- list(); serials <- list(); results <- list(); draws <- list()
keep <- function(set, how, found, columns = names) {
  table <- found$R
  colnames(table) <- columns
  table <- cbind(set = set, how = how, table)
  for (missing in setdiff(names, colnames(table))) table[[missing]] <- NA
  results[[paste(set, how)]] <<- table
}
for (set in names(moments)) {
  place <- new.env()
  data(list = set, envir = place)
  one <- place[[set]]
  cases <- if (is.data.frame(one$incidence)) one$incidence$I else one$incidence
  abroad <- floor(cases / 3)
  abroad[1] <- cases[1]
  m <- moments[[set]]
  windows <- list(t_start = 2:(length(cases) - 6), t_end = 8:length(cases))
  config <- function(...) quiet(make_config(c(windows, list(...))))
  keep(set, "parametric", quiet(estimate_R(cases, method = "parametric_si",
       config = config(mean_si = m[1], std_si = m[2]))))
  keep(set, "given", quiet(estimate_R(cases, method = "non_parametric_si",
       config = config(si_distr = one$si_distr))))
  keep(set, "imported", quiet(estimate_R(data.frame(local = cases - abroad, imported = abroad),
       method = "parametric_si", config = config(mean_si = m[1], std_si = m[2]))))
  unsure <- quiet(estimate_R(cases, method = "uncertain_si", config = config(
    mean_si = m[1], std_mean_si = m[1] / 6, min_mean_si = max(1.1, m[1] * 0.6),
    max_mean_si = m[1] * 1.4, std_si = m[2], std_std_si = m[2] / 6, min_std_si = m[2] * 0.6,
    max_std_si = m[2] * 1.4, n1 = 100, n2 = 100, seed = 1)))
  keep(set, "uncertain", unsure)
  draws[[set]] <- data.frame(set = set, mean = unsure$SI.Moments$Mean, sd = unsure$SI.Moments$Std,
                             unsure$si_distr)
  set.seed(2)
  keep(set, "cohort", quiet(wallinga_teunis(cases, method = "non_parametric_si",
       config = c(windows, list(si_distr = one$si_distr, n_sim = 2000)))),
       c("t_start", "t_end", "mean", "sd", "q0.025", "q0.975"))
  series[[set]] <- data.frame(set = set, count = cases, imported = abroad)
  serials[[set]] <- data.frame(set = set, weight = one$si_distr)
  write.csv(draws[[set]], file.path(out, paste0("draws_", set, ".csv")), row.names = FALSE)
}
speed <- as.matrix(read.csv(file.path(out, "speed.csv"), header = FALSE))
begin <- proc.time()[3]
told <- lapply(seq_len(nrow(speed)), function(row) quiet(estimate_R(
  as.numeric(speed[row, ]), method = "parametric_si",
  config = make_config(list(mean_si = 5.1, std_si = 4.0))))$R)
spent <- proc.time()[3] - begin
begin <- proc.time()[3]
for (row in 1:2) quiet(estimate_R(as.numeric(speed[row, ]), method = "uncertain_si",
  config = make_config(list(mean_si = 5.1, std_mean_si = 0.5, min_mean_si = 3.5, max_mean_si = 6.5,
    std_si = 4, std_std_si = 0.5, min_std_si = 2.5, max_std_si = 5.5, n1 = 100, n2 = 100))))
unsure <- (proc.time()[3] - begin) / 2
told <- do.call(rbind, lapply(seq_along(told), function(row) {
  colnames(told[[row]]) <- names
  cbind(set = row - 1, how = "speed", told[[row]])
}))
write.csv(rbind(do.call(rbind, results), told), file.path(out, "results.csv"), row.names = FALSE)
write.csv(do.call(rbind, series), file.path(out, "series.csv"), row.names = FALSE)
write.csv(do.call(rbind, serials), file.path(out, "serials.csv"), row.names = FALSE)
write.csv(data.frame(all = spent, uncertain = unsure), file.path(out, "seconds.csv"),
          row.names = FALSE)
